namespace WebRtcCore.Rtp;

/// <summary>What an <see cref="RtpEvent"/> tells.</summary>
public enum RtpEventKind
{
    /// <summary>No event.</summary>
    None,

    /// <summary>The first packet of a stream has come in: <see cref="RtpEvent.ReceiveStream"/>.</summary>
    ReceiveStreamAdded,

    /// <summary>A stream has ended (BYE), its receiver is gone, or it made room for another: <see cref="RtpEvent.ReceiveStream"/>.</summary>
    ReceiveStreamRemoved,

    /// <summary>The peer asks for a key frame (PLI or FIR): <see cref="RtpEvent.SendStream"/>. At most one per interval and stream.</summary>
    KeyFrameRequested,

    /// <summary>The peer has reported on a stream that is sent: <see cref="RtpEvent.SendStream"/>; its statistics are up to date.</summary>
    ReportReceived,

    /// <summary>The peer estimates the bit rate it can receive: <see cref="RtpEvent.BitrateBps"/>.</summary>
    BitrateEstimateReceived,

    /// <summary>
    /// The peer has told which packets arrived: <see cref="RtpEvent.PacketsReceived"/>, <see cref="RtpEvent.PacketsLost"/>.
    /// </summary>
    TransportFeedbackReceived,

    /// <summary>
    /// Congestion control wants the encoder of a stream to make <see cref="RtpEvent.BitrateBps"/> from now on: <see cref="RtpEvent.SendStream"/>. Told
    /// when it changes by 3 % or more.
    /// </summary>
    TargetBitrateChanged,
}
