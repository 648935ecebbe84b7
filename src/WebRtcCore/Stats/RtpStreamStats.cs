namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpStreamStats</c>: what the entries of all RTP streams share.</summary>
public abstract record RtpStreamStats : RtcStats
{
    private protected RtpStreamStats(StatsType type)
        : base(type)
    {
    }

    /// <summary>The stream's SSRC.</summary>
    public uint Ssrc { get; init; }

    /// <summary>Audio or video.</summary>
    public MediaKind Kind { get; init; }

    /// <summary>The id of the stream's <see cref="TransportStats"/>.</summary>
    public string? TransportId { get; init; }

    /// <summary>The id of the stream's <see cref="CodecStats"/>.</summary>
    public string? CodecId { get; init; }
}
