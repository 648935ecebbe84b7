namespace WebRtcCore;

/// <summary>W3C <c>RTCRemoteInboundRtpStreamStats</c> (<c>remote-inbound-rtp</c>): what the peer's receiver reports say of a stream sent here.</summary>
public sealed record RemoteInboundRtpStreamStats() : ReceivedRtpStreamStats(StatsType.RemoteInboundRtp)
{
    /// <summary>The id of the <see cref="OutboundRtpStreamStats"/> of the same stream.</summary>
    public string? LocalId { get; init; }

    /// <summary>The latest round trip by RTCP (RFC 3550 6.4.1). In JSON seconds.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The sum of all round trips measured. In JSON seconds.</summary>
    public TimeSpan? TotalRoundTripTime { get; init; }

    /// <summary>How many round trips were measured.</summary>
    public long? RoundTripTimeMeasurements { get; init; }

    /// <summary>The share of packets lost since the report before, 0 to 1.</summary>
    public double? FractionLost { get; init; }
}
