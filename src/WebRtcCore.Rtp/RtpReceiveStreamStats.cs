using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp;

/// <summary>What has been received of a stream (inbound-rtp and remote-outbound-rtp of W3C webrtc-stats).</summary>
public readonly record struct RtpReceiveStreamStats
{
    /// <summary>Packets received, retransmissions included, duplicates not.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Bytes of payload received.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes of RTP headers and padding received.</summary>
    public long HeaderBytesReceived { get; init; }

    /// <summary>Packets expected but not received (RFC 3550, A.3), before retransmissions; negative if the network duplicates.</summary>
    public long PacketsLost { get; init; }

    /// <summary>The interarrival jitter (RFC 3550, A.8).</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Packets dropped because they had come before.</summary>
    public long DuplicatesDiscarded { get; init; }

    /// <summary>Packets that came as retransmissions and were new.</summary>
    public long RetransmittedPacketsReceived { get; init; }

    /// <summary>Bytes of payload in them.</summary>
    public long RetransmittedBytesReceived { get; init; }

    /// <summary>Repair packets (ULPFEC, FlexFEC) and older blocks (RED) received.</summary>
    public long FecPacketsReceived { get; init; }

    /// <summary>Those of them that were malformed or of no use.</summary>
    public long FecPacketsDiscarded { get; init; }

    /// <summary>Packets that were lost and came back from redundancy (RED) or repair packets.</summary>
    public long PacketsRecovered { get; init; }

    /// <summary>NACK packets sent.</summary>
    public long NackCount { get; init; }

    /// <summary>Picture loss indications sent.</summary>
    public long PliCount { get; init; }

    /// <summary>Full intra requests sent.</summary>
    public long FirCount { get; init; }

    /// <summary>When the last packet came in.</summary>
    public Instant? LastPacketReceived { get; init; }

    /// <summary>The NTP time in the last sender report.</summary>
    public NtpTimestamp? LastSenderReportNtp { get; init; }

    /// <summary>The RTP timestamp for the same moment.</summary>
    public uint LastSenderReportTimestampTicks { get; init; }

    /// <summary>When the last sender report came in.</summary>
    public Instant? LastSenderReportReceived { get; init; }

    /// <summary>Sender reports received.</summary>
    public long SenderReportsReceived { get; init; }

    /// <summary>The latest round trip to the stream's sender; <see langword="null"/> unless it answers reference times (RFC 3611, 4.5).</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The sum of all round trips measured.</summary>
    public TimeSpan TotalRoundTripTime { get; init; }

    /// <summary>How many were measured.</summary>
    public long RoundTripTimeMeasurements { get; init; }

    /// <summary>Packets sent, as the last sender report says.</summary>
    public long RemotePacketsSent { get; init; }

    /// <summary>Bytes of payload sent, as the last sender report says.</summary>
    public long RemoteBytesSent { get; init; }
}
