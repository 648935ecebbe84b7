using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>How much later than its RTP timestamp a packet was sent (RFC 5450).</summary>
/// <param name="Ticks">Ticks of the payload type's clock rate, -8,388,608 to 8,388,607.</param>
public readonly record struct TransmissionTimeOffset(int Ticks)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 3;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out TransmissionTimeOffset offset)
    {
        var reader = new SpanReader(value);
        if (value.Length == EncodedLength && reader.TryReadUInt24(out var bits))
        {
            offset = new TransmissionTimeOffset((int)(bits << 8) >> 8);
            return true;
        }

        offset = default;
        return false;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination) => new SpanWriter(destination).WriteUInt24((uint)Ticks);
}
