namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>The header extensions that this library knows by name.</summary>
public enum RtpHeaderExtensionKind
{
    /// <summary>No extension is agreed for the identifier.</summary>
    None,

    /// <summary>An extension is agreed, but this library only carries it.</summary>
    Other,

    /// <summary><see cref="RtpHeaderExtensionUri.Mid"/>.</summary>
    Mid,

    /// <summary><see cref="RtpHeaderExtensionUri.RtpStreamId"/>.</summary>
    RtpStreamId,

    /// <summary><see cref="RtpHeaderExtensionUri.RepairedRtpStreamId"/>.</summary>
    RepairedRtpStreamId,

    /// <summary><see cref="RtpHeaderExtensionUri.AudioLevel"/>.</summary>
    AudioLevel,

    /// <summary><see cref="RtpHeaderExtensionUri.TransmissionTimeOffset"/>.</summary>
    TransmissionTimeOffset,

    /// <summary><see cref="RtpHeaderExtensionUri.AbsoluteSendTime"/>.</summary>
    AbsoluteSendTime,

    /// <summary><see cref="RtpHeaderExtensionUri.TransportSequenceNumber"/>.</summary>
    TransportSequenceNumber,

    /// <summary><see cref="RtpHeaderExtensionUri.VideoOrientation"/>.</summary>
    VideoOrientation,

    /// <summary><see cref="RtpHeaderExtensionUri.PlayoutDelay"/>.</summary>
    PlayoutDelay,

    /// <summary><see cref="RtpHeaderExtensionUri.AbsoluteCaptureTime"/>.</summary>
    AbsoluteCaptureTime,

    /// <summary><see cref="RtpHeaderExtensionUri.VideoContentType"/>.</summary>
    VideoContentType,

    /// <summary><see cref="RtpHeaderExtensionUri.VideoTiming"/>.</summary>
    VideoTiming,

    /// <summary><see cref="RtpHeaderExtensionUri.ColorSpace"/>.</summary>
    ColorSpace,

    /// <summary><see cref="RtpHeaderExtensionUri.CsrcAudioLevel"/>.</summary>
    CsrcAudioLevel,

    /// <summary><see cref="RtpHeaderExtensionUri.DependencyDescriptor"/>.</summary>
    DependencyDescriptor,

    /// <summary><see cref="RtpHeaderExtensionUri.VideoLayersAllocation"/>.</summary>
    VideoLayersAllocation,
}
