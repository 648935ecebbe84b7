using WebRtcCore.Media.Ogg;

namespace WebRtcCore.Media.Opus;

/// <summary>Says whether an Opus packet carries the one before it again (low bit-rate redundancy, RFC 6716, 4.2.3 and 4.2.4).</summary>
internal static class OpusRedundancy
{
    // Configurations below are SILK and hybrid; those above are CELT, which has none.
    private const int FirstCeltConfiguration = 16;

    /// <summary>Whether it does. Packets of a frame count of their own (code 3) are not looked into.</summary>
    public static bool IsIn(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || packet[0] >> 3 >= FirstCeltConfiguration)
        {
            return false;
        }

        // Where the first frame begins: behind the table of contents, and for code 2 behind one or two bytes of length (RFC 6716 3.2.1, 3.2.4).
        var start = (packet[0] & 3) switch
        {
            0 or 1 => 1,
            2 => packet.Length > 1 && packet[1] < 252 ? 2 : 3,
            _ => int.MaxValue,
        };
        if (start >= packet.Length)
        {
            return false;
        }

        // The frame begins with single bits of even odds: for each SILK frame whether there is voice, then whether there is redundancy; for stereo twice.
        var silkFrames = Math.Max(1, OpusPacket.GetFrameSamples(packet[0]) / (OpusRates.Clock / 50));
        var flags = packet[start];
        var isStereo = (packet[0] & 0x04) != 0;
        return ((flags >> (7 - silkFrames)) & 1) != 0 || (isStereo && ((flags >> (6 - (2 * silkFrames))) & 1) != 0);
    }
}
