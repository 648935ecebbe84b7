using System.Globalization;

namespace WebRtcCore.Rtp;

/// <summary>A synchronisation source identifier: which stream a packet belongs to (RFC 3550, 3).</summary>
/// <param name="Value">The 32-bit number on the wire.</param>
public readonly record struct Ssrc(uint Value)
{
    /// <summary>Eight hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x8", CultureInfo.InvariantCulture);
}
