using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>Reads and writes an enum as its W3C string.</summary>
internal sealed class W3CEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && W3CString.TryParse<TEnum>(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"This is no value of {typeof(TEnum).Name}.");

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToW3CString());
}
