using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>Durations as webrtc-stats prints them: seconds, with a fraction.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    private const decimal MaxSeconds = long.MaxValue / TimeSpan.TicksPerSecond;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var seconds) && Math.Abs(seconds) < MaxSeconds
            ? TimeSpan.FromTicks((long)decimal.Round(seconds * TimeSpan.TicksPerSecond))
            : throw new JsonException("This is no duration in seconds.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((decimal)value.Ticks / TimeSpan.TicksPerSecond);
}
