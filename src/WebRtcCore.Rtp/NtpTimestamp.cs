using System.Globalization;

namespace WebRtcCore.Rtp;

/// <summary>An NTP timestamp: 32 bits of seconds since 1 January 1900 and 32 bits of fraction (RFC 3550, 4).</summary>
/// <param name="Value">The 64 bits as on the wire.</param>
public readonly record struct NtpTimestamp(ulong Value)
{
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The middle 32 bits, in units of 1/65,536 s: the form that report blocks use (RFC 3550, 6.4.1).</summary>
    public uint Middle => (uint)(Value >> 16);

    /// <summary>Converts a wall-clock time.</summary>
    public static NtpTimestamp From(DateTimeOffset time) => new(ToUnits(time - Epoch));

    /// <summary>The timestamp <paramref name="duration"/> later; wraps around with the era.</summary>
    public static NtpTimestamp operator +(NtpTimestamp timestamp, TimeSpan duration) => new(timestamp.Value + ToUnits(duration));

    /// <summary>The wall-clock time, taking the timestamp to be in the first NTP era (until 2036).</summary>
    public DateTimeOffset ToDateTimeOffset() => Epoch + TimeSpan.FromTicks((long)(((UInt128)Value * TimeSpan.TicksPerSecond) >> 32));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value >> 32:x8}.{(uint)Value:x8}");

    private static ulong ToUnits(TimeSpan duration) => (ulong)(((Int128)duration.Ticks << 32) / TimeSpan.TicksPerSecond);
}
