using System.Globalization;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>Foundations: the same for candidates of one type, from one base address and one server (RFC 8445, 5.1.1.3). Numbers reveal nothing.</summary>
internal sealed class FoundationTable
{
    private readonly Dictionary<(IceCandidateType Type, TransportAddress Base, TransportAddress Server, IceRelayProtocol? Protocol, TransportProtocol Transport), string> _foundations = [];

    public string Get(IceCandidateType type, TransportAddress @base, TransportAddress server = default, IceRelayProtocol? protocol = null)
    {
        // Ports do not count; the default address stands for no server.
        return Get((type, @base.WithPort(0), server.IsNone ? server : server.WithPort(0), protocol, TransportProtocol.Udp));
    }

    /// <summary>The foundation of host candidates over TCP: what it is over says of UDP nothing.</summary>
    public string GetTcp(TransportAddress @base) => Get((IceCandidateType.Host, @base.WithPort(0), default, null, TransportProtocol.Tcp));

    private string Get((IceCandidateType Type, TransportAddress Base, TransportAddress Server, IceRelayProtocol? Protocol, TransportProtocol Transport) key)
    {
        if (!_foundations.TryGetValue(key, out var foundation))
        {
            foundation = (_foundations.Count + 1).ToString(CultureInfo.InvariantCulture);
            _foundations.Add(key, foundation);
        }

        return foundation;
    }
}
