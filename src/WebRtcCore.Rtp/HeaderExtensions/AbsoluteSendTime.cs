using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// When a packet was sent: a 24-bit fixed-point number of seconds, 6 bits whole and 18 bits fraction, which wraps around every 64 s
/// (the abs-send-time extension of the WebRTC project).
/// </summary>
/// <param name="Value">The 24 bits.</param>
public readonly record struct AbsoluteSendTime(uint Value)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 3;

    /// <summary>The value for a packet sent at <paramref name="ntp"/>.</summary>
    public static AbsoluteSendTime From(NtpTimestamp ntp) => new((uint)(ntp.Value >> 14) & 0xFF_FFFF);

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out AbsoluteSendTime time)
    {
        var reader = new SpanReader(value);
        if (value.Length == EncodedLength && reader.TryReadUInt24(out var bits))
        {
            time = new AbsoluteSendTime(bits);
            return true;
        }

        time = default;
        return false;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination) => new SpanWriter(destination).WriteUInt24(Value);
}
