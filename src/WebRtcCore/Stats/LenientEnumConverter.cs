using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>Writes an enum's W3C string; reads a string that the enum does not know as <see langword="null"/>, for browsers print values of their own.</summary>
internal sealed class LenientEnumConverter<TEnum> : JsonConverter<TEnum?>
    where TEnum : struct, Enum
{
    public override TEnum? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw new JsonException($"A {typeof(TEnum).Name} is a string.")
        : W3CString.TryParse<TEnum>(reader.GetString(), out var value) ? value
        : null;

    public override void Write(Utf8JsonWriter writer, TEnum? value, JsonSerializerOptions options)
    {
        if (value is { } known)
        {
            writer.WriteStringValue(known.ToW3CString());
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
