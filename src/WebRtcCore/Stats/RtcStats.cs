using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCStats</c>: one entry of a <see cref="StatsReport"/>. Counters count from the creation of what they describe.
/// A member that is <see langword="null"/> is not known (or needs a codec, which the application owns) and is left out of the JSON.
/// </summary>
public abstract record RtcStats
{
    private protected RtcStats(StatsType type) => Type = type;

    /// <summary>Names this entry; the same object keeps its id from report to report.</summary>
    [JsonPropertyOrder(-3)]
    public required string Id { get; init; }

    /// <summary>When these values were taken; for what the peer reported, when its report arrived. In JSON milliseconds since 1970.</summary>
    [JsonPropertyOrder(-2)]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What this entry describes.</summary>
    [JsonPropertyOrder(-1)]
    public StatsType Type { get; }
}
