using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A byte stream that the agent wants opened or closed by its owner.</summary>
/// <param name="Id">Tells streams of one agent apart.</param>
/// <param name="IsOpen">Whether it is to be opened; otherwise closed.</param>
/// <param name="Remote">The server.</param>
/// <param name="IsTls">Whether TLS goes over it.</param>
/// <param name="HostName">The name that the server's certificate must have.</param>
public sealed record IceStreamRequest(int Id, bool IsOpen, TransportAddress Remote, bool IsTls, string HostName);
