namespace WebRtcCore.Stun;

/// <summary>Settings of a <see cref="TurnRelay"/>. The defaults are those of RFC 8656 where it has any.</summary>
public sealed record TurnRelayOptions
{
    /// <summary>The realm of its users: a domain name, for the clients to show.</summary>
    public required string Realm { get; init; }

    /// <summary>What SOFTWARE says; nothing if empty.</summary>
    public string Software { get; init; } = "";

    /// <summary>Which peers may be reached.</summary>
    public TurnPeerRules PeerRules { get; init; } = new();

    /// <summary>The lifetime of an allocation that asks for none, or less. 10 minutes (RFC 8656, 3.2).</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest lifetime that is granted. 1 hour (RFC 8656, 7.2).</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a nonce is taken. 1 hour (RFC 8656, 5 recommends one at the most).</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Allocations in all; beyond it requests are refused with 508.</summary>
    public int MaxAllocations { get; init; } = 20_000;

    /// <summary>Allocations of one user; beyond it requests are refused with 486.</summary>
    public int MaxAllocationsPerUser { get; init; } = 64;

    /// <summary>Addresses that an allocation may have permissions for at once; beyond it requests are refused with 508.</summary>
    public int MaxPermissions { get; init; } = 128;

    /// <summary>Channels of an allocation at once; beyond it requests are refused with 508.</summary>
    public int MaxChannels { get; init; } = 128;

    /// <summary>Bytes per second that an allocation may relay, each way; what is more is dropped. No limit if <see langword="null"/>.</summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>Answers per second to clients that have not proved who they are; requests beyond it get none. It bounds what forged sources can have sent to others.</summary>
    public int MaxUnauthenticatedAnswersPerSecond { get; init; } = 5_000;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Realm);
        ArgumentOutOfRangeException.ThrowIfLessThan(DefaultLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLifetime, DefaultLifetime);
        ArgumentOutOfRangeException.ThrowIfLessThan(NonceLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAllocations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAllocationsPerUser, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPermissions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnauthenticatedAnswersPerSecond, 1);
        if (MaxBytesPerSecond is { } rate)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1, nameof(MaxBytesPerSecond));
        }
    }
}
