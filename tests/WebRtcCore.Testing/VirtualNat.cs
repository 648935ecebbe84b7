using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A NAT between some hosts and the rest of the virtual network.</summary>
public sealed class VirtualNat
{
    private readonly List<Mapping> _mappings = [];
    private int _nextPort = 40_000;

    /// <summary>Creates a NAT with one outside address.</summary>
    public VirtualNat(TransportAddress outsideAddress, NatBehavior mapping, NatBehavior filtering)
    {
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
            mapping = new Mapping(inside, remote, OutsideAddress.WithPort(_nextPort++));
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
