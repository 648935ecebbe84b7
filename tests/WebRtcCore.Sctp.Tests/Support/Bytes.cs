using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Support;

internal static class Bytes
{
    /// <summary>Repeatable content.</summary>
    public static byte[] Random(int length, int seed = 7)
    {
        var bytes = new byte[length];
        new SeededRandomSource(seed).Fill(bytes);
        return bytes;
    }

    public static byte[] FromHex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
