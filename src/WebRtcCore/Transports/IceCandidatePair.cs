namespace WebRtcCore;

/// <summary>W3C <c>RTCIceCandidatePair</c>.</summary>
/// <param name="Local">The candidate of this side.</param>
/// <param name="Remote">The candidate of the peer.</param>
public sealed record IceCandidatePair(IceCandidate Local, IceCandidate Remote);
