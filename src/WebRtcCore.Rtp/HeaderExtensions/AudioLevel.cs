namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// The client-to-mixer audio level (RFC 6464, 3).
/// <code>
/// |V|    level    |
/// </code>
/// </summary>
/// <param name="HasVoice">Whether the sender takes the packet for speech.</param>
/// <param name="Level">How far below the loudest possible signal: 0 (loudest) to 127 (silence), in -dBov.</param>
public readonly record struct AudioLevel(bool HasVoice, byte Level)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 1;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out AudioLevel level)
    {
        // RFC 6464 3: in the two-byte form a second byte may follow for alignment.
        if (value.Length is not (1 or 2))
        {
            level = default;
            return false;
        }

        level = new AudioLevel((value[0] & 0x80) != 0, (byte)(value[0] & 0x7F));
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination) => destination[0] = (byte)((HasVoice ? 0x80 : 0) | Math.Min(Level, (byte)127));
}
