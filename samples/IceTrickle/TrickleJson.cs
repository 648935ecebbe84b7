using System.Text.Json.Serialization;

namespace IceTrickle;

/// <summary>JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrickleEvent))]
[JsonSerializable(typeof(TrickleRequest))]
internal sealed partial class TrickleJson : JsonSerializerContext;
