namespace WebRtcCore.Rtp;

/// <summary>The settings of an <see cref="RtpSession"/>.</summary>
public sealed record RtpSessionOptions
{
    /// <summary>The canonical name of this end point in RTCP (RFC 3550, 6.5.1): random text of at most 255 bytes in UTF-8 (RFC 7022).</summary>
    public required string Cname { get; init; }

    /// <summary>The wall-clock time at <see cref="Primitives.Instant.Zero"/>, for sender reports and send times.</summary>
    public NtpTimestamp NtpOrigin { get; init; }

    /// <summary>The mean time between reports; each interval is drawn from 0.5 to 1.5 times it. 1 s unless set.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time between transport-wide feedback packets while packets come in. 100 ms unless set.</summary>
    public TimeSpan TransportFeedbackInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The least time between two requests for a key frame of one stream, made or passed on. 300 ms unless set.</summary>
    public TimeSpan KeyFrameRequestInterval { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The round-trip time assumed until one has been measured. 100 ms unless set.</summary>
    public TimeSpan InitialRoundTripTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How the session finds out how much it may send, and how it spreads it over time.</summary>
    public Congestion.CongestionControlOptions CongestionControl { get; init; } = Congestion.CongestionControlOptions.Default;

    /// <summary>Bytes that each packet takes on the wire beyond RTP: IP and UDP headers, SRTP tag. 40 unless set.</summary>
    public int PacketOverheadBytes { get; init; } = 40;

    /// <summary>The most bytes in an RTCP compound. 1,200 unless set, less what SRTCP adds.</summary>
    public int MaxRtcpSize { get; init; } = 1150;

    /// <summary>
    /// The most streams kept of what comes in, retransmission streams included. When all places are taken, a new stream replaces
    /// the one silent for longest, if that is at least 10 s; otherwise its packets are dropped. 256 unless set.
    /// </summary>
    public int MaxReceiveStreams { get; init; } = 256;
}
