namespace WebRtcCore.Media.Audio;

/// <summary>What both laws of G.711 share: decoding by table, and the checks.</summary>
internal static class Companding
{
    public static short[] MakeTable(Func<byte, short> expand) => [.. Enumerable.Range(0, 256).Select(b => expand((byte)b))];

    public static void Decode(short[] table, ReadOnlySpan<byte> encoded, Span<short> samples)
    {
        ThrowIfShorter(samples.Length, encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            samples[i] = table[encoded[i]];
        }
    }

    public static void ThrowIfShorter(int destinationLength, int sourceLength)
    {
        if (destinationLength < sourceLength)
        {
            throw new ArgumentException($"The destination has {destinationLength} places for {sourceLength} samples.");
        }
    }
}
