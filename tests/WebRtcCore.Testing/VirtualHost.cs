using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A machine on the virtual network: a core with one or more bound addresses, perhaps behind a NAT.</summary>
public sealed class VirtualHost
{
    private readonly List<TransportAddress> _addresses;

    internal VirtualHost(string name, IVirtualNode node, IEnumerable<TransportAddress> addresses, VirtualNat? nat)
    {
        Name = name;
        Node = node;
        _addresses = [.. addresses];
        Nat = nat;
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>The core.</summary>
    public IVirtualNode Node { get; }

    /// <summary>The bound addresses; the first is the default source.</summary>
    public IReadOnlyList<TransportAddress> Addresses => _addresses;

    /// <summary>The NAT in front of the host.</summary>
    public VirtualNat? Nat { get; }

    /// <summary>What is let out.</summary>
    public VirtualFirewall Firewall { get; set; } = VirtualFirewall.Open;

    /// <summary>Where datagrams without a path go.</summary>
    public TransportAddress DefaultRemote { get; set; }

    /// <summary>How large the buffer is that the core may fill.</summary>
    public int TransmitBufferSize { get; set; } = 1500;

    /// <summary>A host that is off neither receives nor sends nor sees its timers.</summary>
    public bool IsOff { get; set; }

    /// <summary>Datagrams that the core has sent.</summary>
    public long DatagramsSent { get; internal set; }

    /// <summary>Datagrams that the core has been given.</summary>
    public long DatagramsReceived { get; internal set; }

    internal void Add(TransportAddress address) => _addresses.Add(address);

    internal void Remove(TransportAddress address) => _addresses.Remove(address);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
