using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>W3C <c>RTCIceCandidatePairStats</c> (<c>candidate-pair</c>).</summary>
public sealed record IceCandidatePairStats() : RtcStats(StatsType.CandidatePair)
{
    /// <summary>The id of the pair's <see cref="TransportStats"/>.</summary>
    public string? TransportId { get; init; }

    /// <summary>The id of its <see cref="LocalCandidateStats"/>.</summary>
    public string? LocalCandidateId { get; init; }

    /// <summary>The id of its <see cref="RemoteCandidateStats"/>.</summary>
    public string? RemoteCandidateId { get; init; }

    /// <summary>Where the pair stands in the check list.</summary>
    public StatsIceCandidatePairState? State { get; init; }

    /// <summary>Whether the controlling side has nominated it.</summary>
    public bool Nominated { get; init; }

    /// <summary>The pair's priority (RFC 8445 6.1.2.3).</summary>
    public ulong? Priority { get; init; }

    /// <summary>Packets of application data (not STUN) sent on this pair.</summary>
    public long? PacketsSent { get; init; }

    /// <summary>Packets of application data (not STUN) received on this pair.</summary>
    public long? PacketsReceived { get; init; }

    /// <summary>Payload bytes of those packets sent.</summary>
    public long BytesSent { get; init; }

    /// <summary>Payload bytes of those packets received.</summary>
    public long BytesReceived { get; init; }

    /// <summary>When the last such packet was sent.</summary>
    public DateTimeOffset? LastPacketSentTimestamp { get; init; }

    /// <summary>When the last such packet was received.</summary>
    public DateTimeOffset? LastPacketReceivedTimestamp { get; init; }

    /// <summary>The sum of all round trips measured by STUN; divided by <see cref="ResponsesReceived"/> it is the mean. In JSON seconds.</summary>
    public TimeSpan? TotalRoundTripTime { get; init; }

    /// <summary>The latest round trip measured by STUN. In JSON seconds.</summary>
    public TimeSpan? CurrentRoundTripTime { get; init; }

    /// <summary>What congestion control holds for available towards the peer, in bits per second.</summary>
    [JsonPropertyName("availableOutgoingBitrate")]
    public double? AvailableOutgoingBitrateBps { get; init; }

    /// <summary>What congestion control holds for available from the peer, in bits per second.</summary>
    [JsonPropertyName("availableIncomingBitrate")]
    public double? AvailableIncomingBitrateBps { get; init; }

    /// <summary>Connectivity checks received, repetitions included.</summary>
    public long? RequestsReceived { get; init; }

    /// <summary>Connectivity checks sent, without repetitions.</summary>
    public long? RequestsSent { get; init; }

    /// <summary>Answers received to connectivity checks.</summary>
    public long? ResponsesReceived { get; init; }

    /// <summary>Answers sent to connectivity checks.</summary>
    public long? ResponsesSent { get; init; }

    /// <summary>Consent checks sent (RFC 7675).</summary>
    public long? ConsentRequestsSent { get; init; }

    /// <summary>Packets that the socket did not take.</summary>
    public long? PacketsDiscardedOnSend { get; init; }

    /// <summary>Payload bytes of the packets that the socket did not take.</summary>
    public long? BytesDiscardedOnSend { get; init; }
}
