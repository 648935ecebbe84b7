using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>A telephone event, a key pressed for example, as it goes in RTP (RFC 4733, 2.3). It is reported again and again while it lasts.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-+-+-----------+-------------------------------+
/// |     event     |E|R|  volume   |            duration           |
/// +---------------+-+-+-----------+-------------------------------+
/// </code>
/// </remarks>
/// <param name="Event">What happened; 0 to 15 are the keys 0 to 9, *, #, A to D.</param>
/// <param name="IsEnd">Whether it is over.</param>
/// <param name="Volume">How much below 0 dBm0, in dB: 0 (loud) to 63.</param>
/// <param name="DurationTicks">How long it has lasted so far, in ticks of the RTP clock.</param>
public readonly record struct TelephoneEvent(byte Event, bool IsEnd, byte Volume, ushort DurationTicks)
{
    /// <summary>Bytes of a payload.</summary>
    public const int EncodedLength = 4;

    private const string Keys = "0123456789*#ABCD";
    private const byte EndBit = 0x80;
    private const byte VolumeMask = 0x3F;

    /// <summary>The key, <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, <c>A</c> to <c>D</c>; <see langword="null"/> for any other event.</summary>
    public char? Key => Event < Keys.Length ? Keys[Event] : null;

    /// <summary>The event of a key; letters may be small.</summary>
    /// <returns><see langword="false"/> if there is no such key.</returns>
    public static bool TryGetEvent(char key, out byte value)
    {
        var index = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        value = (byte)Math.Max(0, index);
        return index >= 0;
    }

    /// <summary>Reads a payload. Further events in the same payload, which nobody sends, are not looked at.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent result)
    {
        var reader = new SpanReader(payload);
        if (!reader.TryReadByte(out var code) || !reader.TryReadByte(out var flags) || !reader.TryReadUInt16(out var duration))
        {
            result = default;
            return false;
        }

        result = new TelephoneEvent(code, (flags & EndBit) != 0, (byte)(flags & VolumeMask), duration);
        return true;
    }

    /// <summary>Writes the payload.</summary>
    public void Write(ref SpanWriter writer)
    {
        writer.WriteByte(Event);
        writer.WriteByte((byte)((IsEnd ? EndBit : 0) | (Volume & VolumeMask)));
        writer.WriteUInt16(DurationTicks);
    }
}
