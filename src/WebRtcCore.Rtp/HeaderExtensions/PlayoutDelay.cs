using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>The least and most delay between capture and display, each in 12 bits of 10 ms (the playout-delay extension of the WebRTC project).</summary>
/// <param name="Minimum">0 to 40.95 s.</param>
/// <param name="Maximum">0 to 40.95 s.</param>
public readonly record struct PlayoutDelay(TimeSpan Minimum, TimeSpan Maximum)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 3;

    private const int UnitMilliseconds = 10;
    private const int MaxUnits = 0xFFF;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out PlayoutDelay delay)
    {
        var reader = new SpanReader(value);
        if (value.Length == EncodedLength && reader.TryReadUInt24(out var bits))
        {
            delay = new PlayoutDelay(ToTimeSpan(bits >> 12), ToTimeSpan(bits & MaxUnits));
            return true;
        }

        delay = default;
        return false;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes; delays beyond the range are clamped.</summary>
    public void Write(Span<byte> destination) => new SpanWriter(destination).WriteUInt24((ToUnits(Minimum) << 12) | ToUnits(Maximum));

    private static TimeSpan ToTimeSpan(uint units) => TimeSpan.FromMilliseconds(units * UnitMilliseconds);

    private static uint ToUnits(TimeSpan delay) => (uint)Math.Clamp(delay.Ticks / (UnitMilliseconds * TimeSpan.TicksPerMillisecond), 0, MaxUnits);
}
