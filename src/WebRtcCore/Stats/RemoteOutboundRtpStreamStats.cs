namespace WebRtcCore;

/// <summary>W3C <c>RTCRemoteOutboundRtpStreamStats</c> (<c>remote-outbound-rtp</c>): what the peer's sender reports say of a stream received here.</summary>
public sealed record RemoteOutboundRtpStreamStats() : SentRtpStreamStats(StatsType.RemoteOutboundRtp)
{
    /// <summary>The id of the <see cref="InboundRtpStreamStats"/> of the same stream.</summary>
    public string? LocalId { get; init; }

    /// <summary>When the peer sent its report, by the peer's clock. In JSON milliseconds since 1970.</summary>
    public DateTimeOffset? RemoteTimestamp { get; init; }

    /// <summary>Sender reports received.</summary>
    public long? ReportsSent { get; init; }

    /// <summary>The latest round trip, known where the peer answers RTCP XR (RFC 3611 4.5). In JSON seconds.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The sum of all round trips measured. In JSON seconds.</summary>
    public TimeSpan? TotalRoundTripTime { get; init; }

    /// <summary>How many round trips were measured.</summary>
    public long? RoundTripTimeMeasurements { get; init; }
}
