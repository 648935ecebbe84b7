using WebRtcCore.Primitives;

namespace WebRtcCore.Testing.Connectivity;

/// <summary>
/// Says which kind of path two kinds of networks allow at best, without ICE: both sides send to every address of the other that they have heard of, over and over,
/// and an answer must come from where the question went.
/// </summary>
public sealed class PathOracle
{
    private const int Rounds = 4;
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);
    private readonly VirtualNetwork _network = new();
    private readonly Side _a;
    private readonly Side _b;

    private PathOracle(NetworkKind a, NetworkKind b, bool isOneNat)
    {
        var nat = a.MakeNat?.Invoke(TransportAddress.Parse("203.0.113.1", 0), 1);
        _network.AddHost("server", new VirtualNode(), Server);
        _a = new Side(_network, "A", a, nat, nat is null ? "203.0.113.1" : "192.168.1.2");
        nat = isOneNat ? nat : b.MakeNat?.Invoke(TransportAddress.Parse("203.0.113.2", 0), 2);
        _b = new Side(_network, "B", b, nat, nat is null ? "203.0.113.2" : "192.168.2.2");
    }

    /// <summary>The best kind of path.</summary>
    public static PathKind Best(NetworkKind a, NetworkKind b, bool hasTurn, bool isOneNat = false)
    {
        var oracle = new PathOracle(a, b, isOneNat);
        return oracle.HasDirect() ? PathKind.Host
            : oracle.HasPunched() ? PathKind.Reflexive
            : hasTurn ? PathKind.Relay
            : PathKind.None;
    }

    private bool HasDirect() => Pass(_a, _a.Host.Addresses[0], _b.Host.Addresses[0]) == _a.Host.Addresses[0] && Pass(_b, _b.Host.Addresses[0], _a.Host.Addresses[0]) == _b.Host.Addresses[0];

    private bool HasPunched()
    {
        _a.Learn(_network, _b);
        _b.Learn(_network, _a);
        for (var round = 0; round < Rounds; round++)
        {
            if (Probe(_a, _b) | Probe(_b, _a))
            {
                return true;
            }
        }

        return false;
    }

    private bool Probe(Side from, Side to)
    {
        var hasAnswer = false;
        foreach (var remote in from.Known.ToArray())
        {
            if (Pass(from, from.Address, remote) is { } seen)
            {
                to.Known.Add(seen);

                // The answer goes back to where the question came from, and counts if it comes from where the question went.
                hasAnswer |= Pass(to, to.Address, seen) == remote;
            }
        }

        return hasAnswer;
    }

    /// <summary>Sends a packet; gives where it seems to come from, or null if it does not arrive at the other side.</summary>
    private TransportAddress? Pass(Side from, TransportAddress source, TransportAddress destination)
    {
        var expected = from == _a ? _b : _a;
        return from.Host.Firewall.AllowsUdp && expected.Host.Firewall.AllowsUdp
            && _network.TryTranslate(from.Host, ref source, ref destination, out var to) && to == expected.Host
            ? source
            : null;
    }

    private sealed class Side(VirtualNetwork network, string name, NetworkKind kind, VirtualNat? nat, string address)
    {
        public VirtualHost Host { get; } = Make(network, name, kind, nat, TransportAddress.Parse(address, 5000));

        public TransportAddress Address => Host.Addresses[0];

        public HashSet<TransportAddress> Known { get; } = [];

        public void Learn(VirtualNetwork on, Side other)
        {
            var (source, destination) = (other.Address, Server);
            Known.Add(other.Address);
            if (other.Host.Firewall.AllowsUdp && on.TryTranslate(other.Host, ref source, ref destination, out _))
            {
                Known.Add(source);
            }
        }

        private static VirtualHost Make(VirtualNetwork network, string name, NetworkKind kind, VirtualNat? nat, TransportAddress address)
        {
            var host = network.AddHost(name, new VirtualNode(), nat, address);
            host.Firewall = kind.Firewall;
            return host;
        }
    }
}
