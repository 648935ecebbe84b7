namespace WebRtcCore;

/// <summary>W3C <c>RTCSentRtpStreamStats</c>: what a sender, here or at the peer, knows of a stream.</summary>
public abstract record SentRtpStreamStats : RtpStreamStats
{
    private protected SentRtpStreamStats(StatsType type)
        : base(type)
    {
    }

    /// <summary>Packets sent, retransmissions included.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Payload bytes sent, retransmissions included, headers and padding not.</summary>
    public long BytesSent { get; init; }
}
