namespace WebRtcCore.Stun;

/// <summary>Figures of a <see cref="TurnRelay"/> since it was made.</summary>
public readonly record struct TurnRelayStatistics
{
    /// <summary>Allocations that live.</summary>
    public int Allocations { get; init; }

    /// <summary>Allocations made.</summary>
    public long AllocationsMade { get; init; }

    /// <summary>Datagrams relayed from clients to peers.</summary>
    public long DatagramsToPeers { get; init; }

    /// <summary>Bytes of data relayed from clients to peers.</summary>
    public long BytesToPeers { get; init; }

    /// <summary>Datagrams relayed from peers to clients.</summary>
    public long DatagramsToClients { get; init; }

    /// <summary>Bytes of data relayed from peers to clients.</summary>
    public long BytesToClients { get; init; }

    /// <summary>Data dropped: no permission, no allocation, no channel.</summary>
    public long DatagramsRefused { get; init; }

    /// <summary>Data dropped: the allocation has relayed as much as it may in this second.</summary>
    public long DatagramsOverLimit { get; init; }

    /// <summary>Requests refused with an error, challenges not counted.</summary>
    public long RequestsRefused { get; init; }

    /// <summary>Challenges sent, and requests with wrong credentials.</summary>
    public long Challenges { get; init; }
}
