using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>
/// Multicast DNS (RFC 6762) as far as candidates need it. A <em>link</em> is an interface in one address family; it is named by the interface's address
/// with the port that the socket is bound to, and stands as the local side of every path.
/// </summary>
internal static class MulticastDns
{
    /// <summary>The port of RFC 6762, 3.</summary>
    public const int Port = 5353;

    /// <summary>No message is longer that is sent here: an Ethernet frame's worth.</summary>
    public const int MaxMessageLength = 1440;

    /// <summary>No message is longer that anybody sends (RFC 6762, 17).</summary>
    public const int MaxReceiveLength = 9000;

    private static readonly TransportAddress Group4 = TransportAddress.FromBytes([224, 0, 0, 251], Port);

    /// <summary>The group's address on a link: 224.0.0.251 or ff02::fb.</summary>
    public static TransportAddress GroupOf(TransportAddress link)
    {
        if (link.IsIPv4)
        {
            return Group4;
        }

        Span<byte> group = stackalloc byte[16];
        group.Clear();
        (group[0], group[1], group[15]) = (0xFF, 0x02, 0xFB);
        return TransportAddress.FromBytes(group, Port, link.ScopeId);
    }

    /// <summary>The path of what is sent to everybody on a link.</summary>
    public static NetworkPath ToGroup(TransportAddress link) => new(link, GroupOf(link));
}
