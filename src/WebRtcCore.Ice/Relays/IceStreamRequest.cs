using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A connection to a server, by TCP, TLS or DTLS, that the agent wants opened or closed by its owner.</summary>
/// <param name="Id">Tells connections of one agent apart.</param>
/// <param name="IsOpen">Whether it is to be opened; otherwise closed.</param>
/// <param name="Remote">The server.</param>
/// <param name="Protocol">What kind of connection it is; never <see cref="IceRelayProtocol.Udp"/> where it is to be opened.</param>
/// <param name="HostName">The name that the server's certificate must have.</param>
public sealed record IceStreamRequest(int Id, bool IsOpen, TransportAddress Remote, IceRelayProtocol Protocol, string HostName);
