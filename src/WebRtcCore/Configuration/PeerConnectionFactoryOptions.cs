namespace WebRtcCore;

/// <summary>What the connections of a <see cref="PeerConnectionFactory"/> share. Immutable; every default is tested.</summary>
public sealed record PeerConnectionFactoryOptions
{
    private const int MaxSocketsPerAddress = 64;

    /// <summary>The defaults: nothing is shared.</summary>
    public static PeerConnectionFactoryOptions Default { get; } = new();

    /// <summary>
    /// The UDP port that all connections share, on each of <see cref="PeerConnectionOptions.LocalAddresses"/>; 0 takes a free one.
    /// <see langword="null"/>, the default: each connection binds ports of its own. Checks find their connection by its user name fragment, the rest by the
    /// peer's address once that is checked; what is for no connection is dropped and gets no answer.
    /// </summary>
    public int? UdpPort { get; init; }

    /// <summary>
    /// How many sockets are bound to the port on each address (SO_REUSEPORT), 1 to 64; Linux spreads the peers over them and each is received by its own loop.
    /// More than one helps where one processor cannot take what comes in. Elsewhere, always 1. Default 1.
    /// </summary>
    public int UdpSocketsPerAddress { get; init; } = 1;

    /// <summary>
    /// The TCP port on which all connections have passive ICE candidates (RFC 6544), on each of <see cref="PeerConnectionOptions.LocalAddresses"/>; 0 takes a
    /// free one. Peers whose UDP is blocked connect to it, browsers without being asked. <see langword="null"/>, the default: none. The number may be that of
    /// <see cref="UdpPort"/>.
    /// </summary>
    public int? TcpPort { get; init; }

    internal void Validate()
    {
        if (TcpPort is { } tcpPort)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(tcpPort, nameof(TcpPort));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(tcpPort, ushort.MaxValue, nameof(TcpPort));
        }

        if (UdpPort is { } port)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(port, nameof(UdpPort));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue, nameof(UdpPort));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(UdpSocketsPerAddress);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(UdpSocketsPerAddress, MaxSocketsPerAddress);
    }
}
