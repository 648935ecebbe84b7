using System.Globalization;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>An address for logs: the first half of it and the port tell paths apart, without telling who talks to whom.</summary>
internal readonly struct RedactedAddress(TransportAddress address)
{
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddressBytes(bytes);
        return address switch
        {
            { IsNone: true } => "none",
            { IsLoopback: true } => string.Create(CultureInfo.InvariantCulture, $"loopback:{address.Port}"),
            { IsIPv4: true } => string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.x.x:{address.Port}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"[{bytes[0]:x2}{bytes[1]:x2}:{bytes[2]:x2}{bytes[3]:x2}:x]:{address.Port}"),
        };
    }
}
