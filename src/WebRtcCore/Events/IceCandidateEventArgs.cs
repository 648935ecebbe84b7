namespace WebRtcCore;

/// <summary>W3C <c>RTCPeerConnectionIceEvent</c>.</summary>
/// <param name="candidate">The candidate, or <see langword="null"/>.</param>
public sealed class IceCandidateEventArgs(IceCandidate? candidate) : EventArgs
{
    /// <summary>A candidate to send to the peer; <see langword="null"/> when there will be no more.</summary>
    public IceCandidate? Candidate { get; } = candidate;
}
