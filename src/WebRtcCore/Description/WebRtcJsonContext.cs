using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>Source-generated JSON of the types that travel through signalling: what a browser prints reads back, and the reverse.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionDescription))]
[JsonSerializable(typeof(IceCandidate))]
internal sealed partial class WebRtcJsonContext : JsonSerializerContext;
