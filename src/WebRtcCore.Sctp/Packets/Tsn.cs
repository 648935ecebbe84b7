using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Packets;

/// <summary>A transmission sequence number (RFC 9260, 1.6): 32 bits that wrap around.</summary>
internal readonly record struct Tsn(uint Value)
{
    /// <summary>The one after this.</summary>
    public Tsn Next => new(Value + 1);

    /// <summary>The one before this.</summary>
    public Tsn Previous => new(Value - 1);

    /// <summary>Whether this is before <paramref name="other"/>.</summary>
    public bool IsBefore(Tsn other) => SerialNumber.IsBefore(Value, other.Value);

    /// <summary>Whether this is after <paramref name="other"/>.</summary>
    public bool IsAfter(Tsn other) => SerialNumber.IsAfter(Value, other.Value);

    /// <summary>How far this is ahead of <paramref name="other"/>; negative if behind.</summary>
    public int DistanceFrom(Tsn other) => SerialNumber.Distance(Value, other.Value);

    /// <summary>The number <paramref name="count"/> further.</summary>
    public static Tsn operator +(Tsn tsn, int count) => new(tsn.Value + (uint)count);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
