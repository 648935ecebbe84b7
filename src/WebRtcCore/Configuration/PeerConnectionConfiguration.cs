namespace WebRtcCore;

/// <summary>W3C <c>RTCConfiguration</c>. What is not W3C's is in <see cref="PeerConnectionOptions"/>.</summary>
public sealed record PeerConnectionConfiguration
{
    /// <summary>STUN and TURN servers; none by default.</summary>
    public IReadOnlyList<IceServer> IceServers { get; init; } = [];

    /// <summary>Which candidates may be used.</summary>
    public IceTransportPolicy IceTransportPolicy { get; init; } = IceTransportPolicy.All;

    /// <summary>How media is spread over transports. One transport carries everything here whatever the policy; see <see cref="WebRtcCore.BundlePolicy"/>.</summary>
    public BundlePolicy BundlePolicy { get; init; } = BundlePolicy.Balanced;

    /// <summary>RTP and RTCP share a transport; there is no other policy.</summary>
    public RtcpMuxPolicy RtcpMuxPolicy { get; init; } = RtcpMuxPolicy.Require;

    /// <summary>The certificates to prove this side with; the first is used. A fresh one is made where none is given.</summary>
    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    /// <summary>
    /// How many candidates to gather ahead, 0 to 255. With any but 0 gathering begins at once, and what it finds is told with the first local description; there is one
    /// transport, so more than 1 gives no more.
    /// </summary>
    public int IceCandidatePoolSize { get; init; }
}
