namespace WebRtcCore.Transport;

/// <summary>Sizes of a <see cref="UdpEndpoint"/>.</summary>
internal sealed record UdpEndpointOptions
{
    /// <summary>The defaults.</summary>
    public static UdpEndpointOptions Default { get; } = new();

    /// <summary><see cref="AddressSlots"/> of a socket that many connections share.</summary>
    public const int SharedAddressSlots = 16_384;

    /// <summary>The kernel's receive and send buffer, in bytes; the kernel may give less.</summary>
    public int SocketBufferSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest datagram that can be received, in bytes; larger ones are dropped. A jumbo frame fits; path MTU discovery finds out what a receiver takes.</summary>
    public int MaxDatagramSize { get; init; } = 9216;

    /// <summary>Whether many datagrams travel per system call where the platform can do that.</summary>
    public bool UseSegmentation { get; init; } = true;

    /// <summary>Whether others may bind the same port; the system spreads senders over the sockets. Where <see cref="UdpEndpoint.CanSharePort"/>.</summary>
    public bool SharesPort { get; init; }

    /// <summary>How many remote addresses are kept in the form that the system wants; further ones cost an allocation for each datagram sent.</summary>
    public int AddressSlots { get; init; } = 64;

    /// <summary>After this many datagrams in a row the sink is told of the batch's end, so that it acts on them.</summary>
    public int MaxBatch { get; init; } = 32;
}
