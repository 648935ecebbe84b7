using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A NAT between some hosts and the rest of the virtual network.</summary>
public sealed class VirtualNat
{
    private const int FirstPort = 40_000;
    private const int PortCount = 20_000;
    private readonly List<Mapping> _mappings = [];
    private readonly SeededRandomSource _random;
    private int _nextPort = FirstPort;

    /// <summary>Creates a NAT with one outside address. The seed is that of random ports.</summary>
    public VirtualNat(TransportAddress outsideAddress, NatBehavior mapping, NatBehavior filtering, int seed = 1)
    {
        _random = new SeededRandomSource(seed);
        OutsideAddress = outsideAddress.WithPort(0);
        MappingBehavior = mapping;
        FilteringBehavior = filtering;
    }

    /// <summary>The outside address; its port is 0.</summary>
    public TransportAddress OutsideAddress { get; private set; }

    /// <summary>When a new outside port is taken.</summary>
    public NatBehavior MappingBehavior { get; }

    /// <summary>Who may send to an outside port.</summary>
    public NatBehavior FilteringBehavior { get; }

    /// <summary>Which ports it gives.</summary>
    public NatPorts Ports { get; init; }

    /// <summary>The NAT that this one is behind, if any: a carrier's.</summary>
    public VirtualNat? Outer { get; init; }

    /// <summary>Whether hosts inside reach one another through their outside addresses.</summary>
    public bool Hairpins { get; init; } = true;

    /// <summary>How long a mapping lives without an outgoing datagram. RFC 4787, 4.3 wants two minutes; many give 30 s.</summary>
    public TimeSpan MappingLifetime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Forgets every mapping, as a restarted router does, and optionally takes another outside address.</summary>
    public void Reboot(TransportAddress? outsideAddress = null)
    {
        _mappings.Clear();
        OutsideAddress = outsideAddress?.WithPort(0) ?? OutsideAddress;
    }

    internal TransportAddress TranslateOut(TransportAddress inside, TransportAddress remote, Instant now)
    {
        Expire(now);
        var mapping = _mappings.Find(m => m.Inside == inside && Matches(MappingBehavior, m.FirstRemote, remote));
        if (mapping is null)
        {
            mapping = new Mapping(inside, remote, OutsideAddress.WithPort(TakePort(inside.Port)));
            _mappings.Add(mapping);
        }

        mapping.LastUsed = now;
        mapping.Remotes.Add(remote);
        return mapping.Outside;
    }

    internal bool TryTranslateIn(TransportAddress outside, TransportAddress remote, Instant now, out TransportAddress inside)
    {
        Expire(now);
        var mapping = _mappings.Find(m => m.Outside == outside);
        inside = mapping?.Inside ?? default;
        return mapping is not null && mapping.Remotes.Any(known => Matches(FilteringBehavior, known, remote));
    }

    private int TakePort(int insidePort)
    {
        var port = Ports switch
        {
            NatPorts.Preserving => insidePort,
            NatPorts.Random => FirstPort + _random.Next(PortCount),
            _ => _nextPort++,
        };
        while (_mappings.Exists(m => m.Outside.Port == port))
        {
            port = Ports == NatPorts.Random ? FirstPort + _random.Next(PortCount) : _nextPort++;
        }

        return port;
    }

    private static bool Matches(NatBehavior behavior, TransportAddress known, TransportAddress remote) => behavior switch
    {
        NatBehavior.EndpointIndependent => true,
        NatBehavior.AddressDependent => known.HasSameAddress(remote),
        _ => known == remote,
    };

    private void Expire(Instant now) => _mappings.RemoveAll(m => now - m.LastUsed > MappingLifetime);

    private sealed class Mapping(TransportAddress inside, TransportAddress firstRemote, TransportAddress outside)
    {
        public TransportAddress Inside { get; } = inside;

        public TransportAddress FirstRemote { get; } = firstRemote;

        public TransportAddress Outside { get; } = outside;

        public HashSet<TransportAddress> Remotes { get; } = [];

        public Instant LastUsed { get; set; }
    }
}
