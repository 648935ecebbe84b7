namespace WebRtcCore.Sctp;

/// <summary>Figures of an association: counters since its creation, and its present state. A snapshot.</summary>
public readonly record struct SctpStatistics
{
    /// <summary>Packets sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Packets accepted.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Bytes of packets sent, common headers included.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes of packets accepted, common headers included.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Packets dropped: malformed, wrong checksum, wrong ports or wrong verification tag.</summary>
    public long PacketsDiscarded { get; init; }

    /// <summary>DATA chunks sent again.</summary>
    public long Retransmissions { get; init; }

    /// <summary>How often the retransmission timer (T3) expired.</summary>
    public long RetransmissionTimeouts { get; init; }

    /// <summary>Tail-loss probes sent: data sent to provoke a SACK when the last packets of a burst stayed unanswered (RFC 8985, 7).</summary>
    public long TailLossProbes { get; init; }

    /// <summary>Packets sent to find out whether their size gets through (RFC 8899).</summary>
    public long PathMtuProbes { get; init; }

    /// <summary>How often packets were made smaller because large ones vanished.</summary>
    public long PathMtuBlackHoles { get; init; }

    /// <summary>DATA chunks received again.</summary>
    public long DuplicatesReceived { get; init; }

    /// <summary>Messages given up under partial reliability.</summary>
    public long MessagesAbandoned { get; init; }

    /// <summary>Of <see cref="MessagesAbandoned"/>, those of which nothing had been sent (RFC 7496, 4.3).</summary>
    public long MessagesAbandonedUnsent { get; init; }

    /// <summary>Whether messages are interleaved: both sides have I-DATA (RFC 8260).</summary>
    public bool IsInterleaving { get; init; }

    /// <summary>The smoothed round-trip time; <see langword="null"/> before the first measurement.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The congestion window in bytes: W3C <c>congestionWindow</c>.</summary>
    public long CongestionWindow { get; init; }

    /// <summary>The slow-start threshold in bytes.</summary>
    public long SlowStartThreshold { get; init; }

    /// <summary>The peer's receive window in bytes: W3C <c>receiverWindow</c>.</summary>
    public long ReceiverWindow { get; init; }

    /// <summary>The window announced to the peer, in bytes.</summary>
    public long LocalReceiverWindow { get; init; }

    /// <summary>The largest packet that is sent at present, in bytes: W3C <c>mtu</c>.</summary>
    public int Mtu { get; init; }

    /// <summary>Bytes of data sent and neither acknowledged nor known lost: W3C <c>unackData</c> counts their chunks, <see cref="UnacknowledgedChunks"/>.</summary>
    public long BytesInFlight { get; init; }

    /// <summary>DATA chunks sent and not acknowledged.</summary>
    public int UnacknowledgedChunks { get; init; }
}
