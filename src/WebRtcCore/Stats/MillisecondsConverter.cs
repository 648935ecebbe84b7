using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>Points in time as webrtc-stats prints them: milliseconds since 1970, with a fraction down to the microsecond.</summary>
internal sealed class MillisecondsConverter : JsonConverter<DateTimeOffset>
{
    private static readonly decimal MaxMilliseconds = (decimal)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var milliseconds) && milliseconds >= 0 && milliseconds < MaxMilliseconds
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new JsonException("This is no time in milliseconds since 1970.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        var microseconds = (value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        writer.WriteNumberValue(microseconds / 1000m);
    }
}
