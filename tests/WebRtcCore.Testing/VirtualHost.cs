using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A machine on the virtual network: a core with one or more bound addresses, perhaps behind a NAT.</summary>
public sealed class VirtualHost
{
    internal VirtualHost(string name, IVirtualNode node, IReadOnlyList<TransportAddress> addresses, VirtualNat? nat)
    {
        Name = name;
        Node = node;
        Addresses = addresses;
        Nat = nat;
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>The core.</summary>
    public IVirtualNode Node { get; }

    /// <summary>The bound addresses; the first is the default source.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; }

    /// <summary>The NAT in front of the host.</summary>
    public VirtualNat? Nat { get; }

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

    /// <inheritdoc/>
    public override string ToString() => Name;
}
