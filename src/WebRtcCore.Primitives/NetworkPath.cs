namespace WebRtcCore.Primitives;

/// <summary>The 5-tuple that a datagram came in on or is to go out on.</summary>
/// <param name="Local">The local socket's address: the <em>base</em> of ICE (RFC 8445, 5.1.1), never a wildcard.</param>
/// <param name="Remote">The peer's address as seen from here.</param>
/// <param name="Protocol">UDP, or TCP with framing.</param>
public readonly record struct NetworkPath(TransportAddress Local, TransportAddress Remote, TransportProtocol Protocol = TransportProtocol.Udp)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Local}->{Remote}/{Protocol}";
}
