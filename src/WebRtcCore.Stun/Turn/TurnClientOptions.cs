namespace WebRtcCore.Stun;

/// <summary>Settings of a <see cref="TurnClient"/>.</summary>
public sealed record TurnClientOptions
{
    /// <summary>The user name, or <see langword="null"/> for a server that asks for none.</summary>
    public string? Username { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>The family of the relayed address. <see langword="null"/>, the default: IPv4, and IPv6 too if the server has it, or what the server has.</summary>
    public TurnAddressFamily? Family { get; init; }

    /// <summary>Whether a byte stream (TCP, TLS) leads to the server: nothing is sent twice, and ChannelData is padded.</summary>
    public bool IsStream { get; init; }

    /// <summary>When a request over UDP is first sent again. Doubles each time (RFC 8489, 6.2.1).</summary>
    public TimeSpan RetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a request over UDP is sent in all.</summary>
    public int MaxTransmissions { get; init; } = 7;

    /// <summary>How long an answer over a stream may take (Ti of RFC 8489, 6.2.2).</summary>
    public TimeSpan StreamTransactionTimeout { get; init; } = TimeSpan.FromSeconds(39.5);

    /// <summary>The lifetime to ask for, or <see langword="null"/> for the server's default of ten minutes.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How many peers are kept; further ones are refused.</summary>
    public int MaxPeers { get; init; } = 128;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(RetransmissionTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(StreamTransactionTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxTransmissions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPeers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPeers, TurnChannel.Last - TurnChannel.First + 1);
    }
}
