using System.Text.Json.Serialization;

namespace VoiceAgent;

/// <summary>One thing that a page is told: how loud it is, or what has happened.</summary>
/// <param name="Type">levels, turn-began, turn-ended, answer-began, answer-ended.</param>
internal sealed record ConversationEvent(string Type)
{
    /// <summary>The turn, or the one that is answered.</summary>
    public int? Turn { get; init; }

    /// <summary>When it began, in seconds since the call's sound did.</summary>
    public double? Start { get; init; }

    /// <summary>In seconds.</summary>
    public double? Duration { get; init; }

    /// <summary>Whether somebody began to speak while the agent did, or the agent was silenced by that.</summary>
    public bool? Interrupted { get; init; }

    /// <summary>From the last speech heard to the first sound of the answer, in milliseconds; the hang-over is part of it.</summary>
    public double? Latency { get; init; }

    /// <summary>Of that, from the decision that the turn was over.</summary>
    public double? AgentLatency { get; init; }

    /// <summary>listening, hearing, thinking or speaking.</summary>
    public string? State { get; init; }

    /// <summary>Levels in dB below full scale.</summary>
    public double? Level { get; init; }

    public double? Threshold { get; init; }

    public double? Floor { get; init; }

    public double? AgentLevel { get; init; }

    /// <summary>What went wrong, as a sentence.</summary>
    public string? Error { get; init; }
}

/// <summary>The JSON on the channel "turns".</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConversationEvent))]
internal sealed partial class TurnsJsonContext : JsonSerializerContext;
