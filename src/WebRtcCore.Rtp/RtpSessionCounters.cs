namespace WebRtcCore.Rtp;

/// <summary>Packets that an <see cref="RtpSession"/> dropped, by reason.</summary>
public readonly record struct RtpSessionCounters
{
    /// <summary>Datagrams that are no RTP packet or RTCP compound.</summary>
    public long MalformedPackets { get; init; }

    /// <summary>RTP packets of no receiver: unknown MID, SSRC or payload type, or one stream too many.</summary>
    public long UnroutedPackets { get; init; }

    /// <summary>RTP packets that had come before or are too old.</summary>
    public long DuplicatePackets { get; init; }

    /// <summary>Packets of retransmission streams without an original in them: padding that probes the path.</summary>
    public long PaddingPackets { get; init; }
}
