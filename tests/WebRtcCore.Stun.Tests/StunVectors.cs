using System.Text.Json;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests;

/// <summary>The messages of <c>tests/vectors/stun_*.json</c>.</summary>
internal static class StunVectors
{
    public static JsonElement Rfc5769 { get; } = Load("stun_rfc5769.json");

    public static JsonElement Rfc8489 { get; } = Load("stun_rfc8489.json");

    public static JsonElement Browsers { get; } = Load("stun_browsers.json");

    /// <summary>The vector of RFC 5769 with a name.</summary>
    public static JsonElement Get(string name)
    {
        foreach (var vector in Rfc5769.GetProperty("vectors").EnumerateArray())
        {
            if (vector.GetProperty("name").GetString() == name)
            {
                return vector;
            }
        }

        throw new KeyNotFoundException(name);
    }

    public static byte[] Message(this JsonElement vector) => Convert.FromHexString(vector.GetProperty("message").GetString()!);

    public static StunIntegrityKey Key(this JsonElement vector) => new(Convert.FromHexString(vector.GetProperty("key_hex").GetString()!));

    public static string Attribute(this JsonElement vector, string name) => vector.GetProperty("attrs").GetProperty(name).GetString()!;

    /// <summary>Every well-formed message there is.</summary>
    public static IEnumerable<byte[]> AllMessages()
    {
        foreach (var vector in Rfc5769.GetProperty("vectors").EnumerateArray())
        {
            yield return vector.Message();
        }

        foreach (var vector in Browsers.GetProperty("messages").EnumerateArray())
        {
            yield return vector.Message();
        }
    }

    private static JsonElement Load(string file)
    {
        using var document = JsonDocument.Parse(TestData.ReadBytes("vectors/" + file));
        return document.RootElement.Clone();
    }
}
