using System.Buffers;
using System.Text;
using System.Text.Json;

namespace WebRtcCore.LoadTest.Measuring;

/// <summary>One result, its fields in the order in which they were added; numbers keep three digits behind the point.</summary>
internal sealed class JsonLine(string name)
{
    private readonly List<(string Name, double Value, string? Text)> _fields = [];

    public JsonLine Add(string field, double value)
    {
        _fields.Add((field, double.IsFinite(value) ? value : 0, null));
        return this;
    }

    public JsonLine Add(string field, string text)
    {
        _fields.Add((field, 0, text));
        return this;
    }

    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            foreach (var (field, value, text) in _fields)
            {
                if (text is null)
                {
                    writer.WriteNumber(field, Math.Round(value, 3));
                }
                else
                {
                    writer.WriteString(field, text);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
