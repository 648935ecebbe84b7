using System.Text.Json.Serialization;
using WebRtcCore;

namespace Signalling;

/// <summary>One message of the WebSocket, in either direction: an offer, an answer, a candidate or an error.</summary>
internal sealed record SignalMessage(string? Type)
{
    public string? Sdp { get; init; }

    /// <summary>Absent or null to say that no more candidates follow.</summary>
    public IceCandidate? Candidate { get; init; }

    /// <summary>What went wrong, as a sentence.</summary>
    public string? Message { get; init; }
}

/// <summary>The JSON of <see cref="SignalMessage"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignalMessage))]
internal sealed partial class SignalJsonContext : JsonSerializerContext;
