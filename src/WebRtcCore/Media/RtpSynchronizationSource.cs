namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpSynchronizationSource</c>: somebody whose stream came in of late.</summary>
public sealed record RtpSynchronizationSource : RtpContributingSource
{
    /// <summary>Whether the sender takes the last packet for speech (RFC 6464, 3); <see langword="null"/> where it says nothing.</summary>
    public bool? VoiceActivityFlag { get; init; }
}
