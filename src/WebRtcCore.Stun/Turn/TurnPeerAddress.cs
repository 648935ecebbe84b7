using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// Brings peer addresses into the one form by which permissions are looked up and rules are applied. Relays were bypassed by addresses that mean
/// the same host in another notation: IPv4-mapped ones, and 0.0.0.0 or :: which reach the relay itself. Client and server use this before any check.
/// </summary>
public static class TurnPeerAddress
{
    /// <summary>
    /// The canonical form: IPv4 where IPv6 merely wraps it (::ffff:a.b.c.d, the deprecated ::a.b.c.d, and the well-known prefix 64:ff9b::/96).
    /// </summary>
    /// <param name="address">As received or configured.</param>
    /// <param name="canonical">The form to compare with.</param>
    /// <returns>False if no host can have the address: none, a wildcard, 0.0.0.0/8, multicast, broadcast, or port 0.</returns>
    public static bool TryCanonicalize(TransportAddress address, out TransportAddress canonical)
    {
        canonical = default;
        if (address.IsNone || address.Port == 0)
        {
            return false;
        }

        var unwrapped = Unwrap(address);
        if (GetScope(unwrapped) == TurnPeerScope.NotAHost)
        {
            return false;
        }

        canonical = unwrapped;
        return true;
    }

    /// <summary>What an address, in whatever notation, belongs to. The port does not count.</summary>
    public static TurnPeerScope GetScope(TransportAddress address)
    {
        if (address.IsNone)
        {
            return TurnPeerScope.NotAHost;
        }

        Span<byte> bytes = stackalloc byte[16];
        var unwrapped = Unwrap(address);
        unwrapped.WriteAddressBytes(bytes);
        return unwrapped.IsIPv4 ? GetScope4(bytes) : GetScope6(unwrapped, bytes);
    }

    private static TurnPeerScope GetScope4(ReadOnlySpan<byte> bytes) => (bytes[0], bytes[1]) switch
    {
        (0, _) or ( >= 224, _) => TurnPeerScope.NotAHost,
        (127, _) => TurnPeerScope.Loopback,
        (169, 254) => TurnPeerScope.LinkLocal,
        (10, _) or (172, >= 16 and <= 31) or (192, 168) or (100, >= 64 and <= 127) => TurnPeerScope.Private,
        _ => TurnPeerScope.Global,
    };

    private static TurnPeerScope GetScope6(TransportAddress address, ReadOnlySpan<byte> bytes)
    {
        if (address.IsAny || bytes[0] == 0xFF)
        {
            return TurnPeerScope.NotAHost;
        }

        if (address.IsLoopback)
        {
            return TurnPeerScope.Loopback;
        }

        if (bytes[0] == 0x20 && bytes[1] == 0x02)
        {
            // 6to4 (RFC 3056) leads to the IPv4 address inside.
            return GetScope4(bytes[2..]);
        }

        // fec0::/10 was site-local before fc00::/7 came.
        return address.IsLinkLocal ? TurnPeerScope.LinkLocal
            : (bytes[0] & 0xFE) == 0xFC || (bytes[0] == 0xFE && bytes[1] >= 0xC0) ? TurnPeerScope.Private
            : TurnPeerScope.Global;
    }

    private static TransportAddress Unwrap(TransportAddress address)
    {
        if (!address.IsIPv6 || address.IsAny || address.IsLoopback)
        {
            return address;
        }

        // ::ffff:a.b.c.d is IPv4 already: TransportAddress sees to that.
        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddressBytes(bytes);
        ReadOnlySpan<byte> translation = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0];
        var isWrapped = bytes[..12].IndexOfAnyExcept((byte)0) < 0 || bytes.StartsWith(translation);
        return isWrapped ? TransportAddress.FromBytes(bytes[12..], address.Port) : address;
    }
}
