namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>URLs of TURN servers (RFC 7065).</summary>
internal static class TurnUrl
{
    public static string Make(string host, int port, int tlsPort, IceServerTransportProtocol protocol) => protocol switch
    {
        IceServerTransportProtocol.Udp => $"turn:{InUrl(host)}:{port}",
        IceServerTransportProtocol.Tcp => $"turn:{InUrl(host)}:{port}?transport=tcp",
        _ => $"turns:{InUrl(host)}:{tlsPort}",
    };

    private static string InUrl(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
}
