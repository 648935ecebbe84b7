namespace WebRtcCore.Rtp.Tests;

/// <summary>Broken variants of good bytes.</summary>
internal static class Mangling
{
    public delegate void Reader(ReadOnlySpan<byte> bytes);

    /// <summary>Calls <paramref name="read"/> with every prefix, and with each byte changed in several ways.</summary>
    public static void Each(ReadOnlySpan<byte> good, Reader read)
    {
        for (var length = 0; length <= good.Length; length++)
        {
            read(good[..length]);
        }

        var copy = good.ToArray();
        foreach (var mask in new byte[] { 0x01, 0x80, 0xFF, 0x0F, 0x55 })
        {
            for (var i = 0; i < copy.Length; i++)
            {
                copy[i] ^= mask;
                read(copy);
                copy[i] ^= mask;
            }
        }
    }
}
