using System.Globalization;
using WebRtcCore.Primitives;

namespace WebRtcCore.Diagnostics;

/// <summary>An address as it may stand in a log. The text is made only when a log wants it.</summary>
internal readonly struct RedactedAddress(TransportAddress address)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        if (address.IsNone || address.IsLoopback || address.IsAny)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddressBytes(bytes);
        return address.IsIPv4
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.x.x:{address.Port}")
            : string.Create(CultureInfo.InvariantCulture, $"[{bytes[0]:x2}{bytes[1]:x2}:x]:{address.Port}");
    }
}
