using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp;

namespace WebRtcCore.Session;

/// <summary>What lies around an SCTP packet on its way, and how large packets are worth trying there.</summary>
internal static class PathOverhead
{
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const int UdpHeader = 8;

    // Behind a TURN server begins another path, on which the server may cut packets into fragments unseen: no more than nearly every path carries.
    private const int RelayedMtu = 1500;

    /// <summary>The largest UDP payload of an IP packet: with the smaller header.</summary>
    public static int GetLargestDatagram(int mtu) => Math.Max(0, mtu - IPv4Header - UdpHeader);

    /// <summary>Tells an association's owner about the path that ICE has selected.</summary>
    /// <param name="relays">How the path goes through TURN servers.</param>
    /// <param name="path">The path.</param>
    /// <param name="recordOverhead">What a DTLS record adds.</param>
    /// <param name="largestMtu">How far to look: 0 on a stream, which has no packets.</param>
    /// <returns>By how many bytes an IP packet is larger than the SCTP packet in it.</returns>
    public static int Get(IceRelays relays, in NetworkPath path, int recordOverhead, out int largestMtu)
    {
        var outer = relays.GetOuterPath(path);
        var isRelayed = outer != path;
        largestMtu = outer.Protocol == TransportProtocol.Tcp ? 0 : isRelayed ? RelayedMtu : SctpAssociation.LargestPathMtu;
        return (outer.Remote.IsIPv6 ? IPv6Header : IPv4Header) + UdpHeader + relays.GetDataOffset(path) + recordOverhead;
    }
}
