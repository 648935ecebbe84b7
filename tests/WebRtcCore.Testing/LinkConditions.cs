namespace WebRtcCore.Testing;

/// <summary>How one direction of a virtual link treats datagrams. Probabilities are 0 to 1; sizes are UDP payload bytes.</summary>
public sealed record LinkConditions
{
    /// <summary>1 ms of delay, nothing else.</summary>
    public static LinkConditions Good { get; } = new();

    /// <summary>One-way propagation delay.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Additional delay, uniform between zero and this. On its own it does not reorder.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Independent loss.</summary>
    public double LossRate { get; init; }

    /// <summary>Bursty loss: the probability, per datagram, that a burst begins. Within a burst everything is lost.</summary>
    public double BurstStartRate { get; init; }

    /// <summary>The probability, per datagram lost in a burst, that the burst ends with it: 0.25 is a mean length of 4.</summary>
    public double BurstEndRate { get; init; } = 0.25;

    /// <summary>The probability that a datagram is held back by <see cref="ReorderDelay"/>, so that later ones overtake it.</summary>
    public double ReorderRate { get; init; }

    /// <summary>How long a reordered datagram is held back.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The probability that a datagram arrives twice.</summary>
    public double DuplicationRate { get; init; }

    /// <summary>The probability that one random bit of a datagram is flipped (as if the UDP checksum had missed it).</summary>
    public double CorruptionRate { get; init; }

    /// <summary>Datagrams larger than this vanish silently, unless they may be cut into fragments.</summary>
    public int Mtu { get; init; } = 65_507;

    /// <summary>The bottleneck's rate in bits per second; <see langword="null"/> is unlimited. Each datagram costs 28 bytes more than its payload.</summary>
    public long? BandwidthBps { get; init; }

    /// <summary>How much may wait at the bottleneck before it drops what comes last.</summary>
    public int QueueBytes { get; init; } = 256 * 1024;

    /// <summary>Everything is lost.</summary>
    public bool IsDown { get; init; }
}
