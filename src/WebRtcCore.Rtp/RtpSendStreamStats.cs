namespace WebRtcCore.Rtp;

/// <summary>What has been sent on a stream and what the peer reported about it (outbound-rtp and remote-inbound-rtp of W3C webrtc-stats).</summary>
public readonly record struct RtpSendStreamStats
{
    /// <summary>Repair packets sent (ULPFEC, FlexFEC).</summary>
    public long FecPacketsSent { get; init; }

    /// <summary>Packets sent, retransmissions included.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Frames sent, for video: packets with the marker bit, which ends a frame.</summary>
    public long FramesSent { get; init; }

    /// <summary>Bytes of payload sent, retransmissions included.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes of RTP headers and padding sent, retransmissions included.</summary>
    public long HeaderBytesSent { get; init; }

    /// <summary>Packets retransmitted.</summary>
    public long RetransmittedPacketsSent { get; init; }

    /// <summary>Bytes of payload retransmitted.</summary>
    public long RetransmittedBytesSent { get; init; }

    /// <summary>The sum of the times that packets waited in the pacer.</summary>
    public TimeSpan TotalPacketSendDelay { get; init; }

    /// <summary>NACK packets received.</summary>
    public long NackCount { get; init; }

    /// <summary>Requests for a packet that were not answered: no longer kept, asked for again too soon, or over the budget.</summary>
    public long RetransmissionsRefused { get; init; }

    /// <summary>Picture loss indications received.</summary>
    public long PliCount { get; init; }

    /// <summary>Full intra requests received.</summary>
    public long FirCount { get; init; }

    /// <summary>The time from a report to its answer, last measured.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The sum of all round-trip times measured.</summary>
    public TimeSpan TotalRoundTripTime { get; init; }

    /// <summary>How many round-trip times were measured.</summary>
    public long RoundTripTimeMeasurements { get; init; }

    /// <summary>Reports received about the stream; without one the remote figures are unknown.</summary>
    public long ReportsReceived { get; init; }

    /// <summary>The part of packets lost in the peer's last interval, 0 to 1.</summary>
    public double RemoteFractionLost { get; init; }

    /// <summary>Packets lost since the start, as the peer counts.</summary>
    public int RemotePacketsLost { get; init; }

    /// <summary>Packets received since the start, as far as the peer's reports tell.</summary>
    public long RemotePacketsReceived { get; init; }

    /// <summary>The peer's jitter.</summary>
    public TimeSpan RemoteJitter { get; init; }
}
