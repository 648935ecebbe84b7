namespace WebRtcCore.Testing;

/// <summary>What a firewall in front of a host lets out; answers come in.</summary>
/// <param name="AllowsUdp">Whether UDP passes.</param>
/// <param name="OnlyTcpPort">The one TCP port that may be reached, or <see langword="null"/> for all.</param>
public sealed record VirtualFirewall(bool AllowsUdp = true, int? OnlyTcpPort = null)
{
    /// <summary>Everything passes.</summary>
    public static VirtualFirewall Open { get; } = new();

    internal bool AllowsTcpTo(int port) => OnlyTcpPort is not { } only || only == port;
}
