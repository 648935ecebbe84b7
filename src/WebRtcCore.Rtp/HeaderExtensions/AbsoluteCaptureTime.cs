using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// When the first of a packet's media was captured, which mixers and forwarders pass on (the abs-capture-time extension of the WebRTC project).
/// <code>
/// |  absolute capture timestamp (64 bits, NTP)                    |
/// |  estimated capture clock offset (64 bits, signed), optional   |
/// </code>
/// </summary>
/// <param name="Captured">The time by the capturing system's clock.</param>
/// <param name="ClockOffset">What the sender of the packet has to add to its own NTP clock to get the capturing system's; <see langword="null"/> if it does not say.</param>
public readonly record struct AbsoluteCaptureTime(NtpTimestamp Captured, TimeSpan? ClockOffset = null)
{
    /// <summary>The most bytes of the value.</summary>
    public const int MaxEncodedLength = 16;

    private const int ShortLength = 8;

    /// <summary>Bytes of this value.</summary>
    public int EncodedLength => ClockOffset is null ? ShortLength : MaxEncodedLength;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out AbsoluteCaptureTime time)
    {
        time = default;
        var reader = new SpanReader(value);
        if (value.Length is not (ShortLength or MaxEncodedLength) || !reader.TryReadUInt64(out var captured))
        {
            return false;
        }

        TimeSpan? offset = reader.TryReadUInt64(out var units) ? TimeSpan.FromTicks((long)(((Int128)(long)units * TimeSpan.TicksPerSecond) >> 32)) : null;
        time = new AbsoluteCaptureTime(new NtpTimestamp(captured), offset);
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteUInt64(Captured.Value);
        if (ClockOffset is { } offset)
        {
            writer.WriteUInt64((ulong)(long)(((Int128)offset.Ticks << 32) / TimeSpan.TicksPerSecond));
        }
    }
}
