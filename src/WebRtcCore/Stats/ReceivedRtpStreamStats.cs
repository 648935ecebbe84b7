namespace WebRtcCore;

/// <summary>W3C <c>RTCReceivedRtpStreamStats</c>: what a receiver, here or at the peer, knows of a stream.</summary>
public abstract record ReceivedRtpStreamStats : RtpStreamStats
{
    private protected ReceivedRtpStreamStats(StatsType type)
        : base(type)
    {
    }

    /// <summary>Packets received.</summary>
    public long? PacketsReceived { get; init; }

    /// <summary>Packets that came with the ECN mark ECT(1).</summary>
    public long? PacketsReceivedWithEct1 { get; init; }

    /// <summary>Packets that came with the ECN mark CE: congestion on the way.</summary>
    public long? PacketsReceivedWithCe { get; init; }

    /// <summary>Packets lost as RFC 3550 A.3 counts them; duplicates can make it negative.</summary>
    public long? PacketsLost { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 6.4.1). In JSON seconds.</summary>
    public TimeSpan? Jitter { get; init; }
}
