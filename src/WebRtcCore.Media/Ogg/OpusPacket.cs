namespace WebRtcCore.Media.Ogg;

/// <summary>What the first bytes of an Opus packet say (RFC 6716, 3.1 and 3.2).</summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// | config  |s| c |   c: 0 one frame, 1 and 2 two frames, 3 as many as the next byte's low six bits say
/// </code>
/// </remarks>
public static class OpusPacket
{
    /// <summary>The clock of Opus in Ogg and in RTP, in Hz.</summary>
    public const int ClockRate = 48_000;

    /// <summary>The longest packet: 120 ms.</summary>
    public const int MaxSamples = 5_760;

    // Frame sizes in samples at 48 kHz: SILK 10, 20, 40, 60 ms; hybrid 10, 20 ms; CELT 2.5, 5, 10, 20 ms.
    private static ReadOnlySpan<ushort> SilkSamples => [480, 960, 1920, 2880];

    private static ReadOnlySpan<ushort> CeltSamples => [120, 240, 480, 960];

    /// <summary>Samples of one frame of the packet, at 48 kHz and for each channel.</summary>
    public static int GetFrameSamples(byte tableOfContents)
    {
        var configuration = tableOfContents >> 3;
        return configuration switch
        {
            < 12 => SilkSamples[configuration & 3],
            < 16 => SilkSamples[configuration & 1],
            _ => CeltSamples[configuration & 3],
        };
    }

    /// <summary>Samples of the packet at 48 kHz, for each channel.</summary>
    /// <returns><see langword="false"/> if it is empty or longer than 120 ms.</returns>
    public static bool TryGetSamples(ReadOnlySpan<byte> packet, out int samples)
    {
        samples = 0;
        if (packet.IsEmpty)
        {
            return false;
        }

        var frames = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length > 1 ? packet[1] & 0x3F : 0,
        };
        var total = frames * GetFrameSamples(packet[0]);
        if (total is 0 or > MaxSamples)
        {
            return false;
        }

        samples = total;
        return true;
    }
}
