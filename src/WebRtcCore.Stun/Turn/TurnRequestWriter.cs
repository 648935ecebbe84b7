namespace WebRtcCore.Stun;

/// <summary>Writes the requests of a TURN client (RFC 8656, 7.1, 8.1, 10.1, 12.1).</summary>
internal static class TurnRequestWriter
{
    /// <summary>Writes a request.</summary>
    /// <param name="destination">At least 1200 bytes.</param>
    /// <param name="request">The request.</param>
    /// <param name="family">The only family of relayed addresses wanted, or <see langword="null"/> for both.</param>
    /// <param name="lifetime">The lifetime to ask for, or <see langword="null"/> for the server's default.</param>
    /// <param name="credentials">Used if the request is authenticated.</param>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> destination, TurnRequest request, TurnAddressFamily? family, TimeSpan? lifetime, StunLongTermCredentials? credentials)
    {
        var writer = new StunMessageWriter(destination, StunClass.Request, request.Method, request.Id);
        switch (request.Method)
        {
            case StunMethod.Allocate:
                writer.AddRequestedTransport();
                AddFamilies(ref writer, family);
                AddLifetime(ref writer, lifetime);
                break;
            case StunMethod.Refresh:
                AddLifetime(ref writer, request.IsFinal ? TimeSpan.Zero : lifetime);
                break;
            case StunMethod.ChannelBind:
                writer.AddChannel(request.Peer!.Channel!.Value);
                writer.AddXorAddress(StunAttributeType.XorPeerAddress, request.Peer.Address);
                break;
            default:
                writer.AddXorAddress(StunAttributeType.XorPeerAddress, request.Peer!.Address);
                break;
        }

        if (request.IsAuthenticated)
        {
            credentials!.AddTo(ref writer);
        }

        return writer.Length;
    }

    private static void AddFamilies(ref StunMessageWriter writer, TurnAddressFamily? family)
    {
        if (family is { } only)
        {
            writer.AddAddressFamily(StunAttributeType.RequestedAddressFamily, only);
        }
        else
        {
            // RFC 8656 7.1: without REQUESTED-ADDRESS-FAMILY the first is IPv4; only IPv6 may be asked for in addition.
            writer.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, TurnAddressFamily.IPv6);
        }
    }

    private static void AddLifetime(ref StunMessageWriter writer, TimeSpan? lifetime)
    {
        if (lifetime is { } value)
        {
            writer.AddUInt32(StunAttributeType.Lifetime, (uint)value.TotalSeconds);
        }
    }
}
