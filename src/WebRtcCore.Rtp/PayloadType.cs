using System.Globalization;

namespace WebRtcCore.Rtp;

/// <summary>An RTP payload type: 0 to 127, given a meaning by the SDP (RFC 3550, 5.1).</summary>
/// <param name="Value">The 7-bit number on the wire.</param>
public readonly record struct PayloadType(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
