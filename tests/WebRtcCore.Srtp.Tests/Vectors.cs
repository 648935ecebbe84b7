using System.Text.Json;
using WebRtcCore.Testing;

namespace WebRtcCore.Srtp.Tests;

internal static class Vectors
{
    public static JsonElement Load(string name)
    {
        using var document = JsonDocument.Parse(TestData.ReadBytes($"vectors/{name}"));
        return document.RootElement.Clone();
    }

    public static byte[] Bytes(this JsonElement element, string property) => Convert.FromHexString(element.GetProperty(property).GetString()!);

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
