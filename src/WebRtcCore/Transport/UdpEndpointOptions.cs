namespace WebRtcCore.Transport;

/// <summary>Sizes of a <see cref="UdpEndpoint"/>.</summary>
internal sealed record UdpEndpointOptions
{
    /// <summary>The defaults.</summary>
    public static UdpEndpointOptions Default { get; } = new();

    /// <summary>The kernel's receive and send buffer, in bytes; the kernel may give less.</summary>
    public int SocketBufferSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest datagram that can be received, in bytes; larger ones are dropped. A jumbo frame fits; path MTU discovery finds out what a receiver takes.</summary>
    public int MaxDatagramSize { get; init; } = 9216;

    /// <summary>Whether many datagrams travel per system call where the platform can do that.</summary>
    public bool UseSegmentation { get; init; } = true;

    /// <summary>After this many datagrams in a row the sink is told of the batch's end, so that it acts on them.</summary>
    public int MaxBatch { get; init; } = 32;
}
