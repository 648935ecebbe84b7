using WebRtcCore.Primitives;

namespace WebRtcCore.Testing.Connectivity;

/// <summary>How a peer is connected to the Internet.</summary>
/// <param name="Name">Short, for tables: mapping/filtering of a NAT as I (endpoint-independent), A (address-dependent) or P (address- and port-dependent).</param>
/// <param name="MakeNat">Makes the NAT in front of it with an outside address and a seed, if there is one.</param>
/// <param name="Firewall">The firewall in front of it.</param>
public sealed record NetworkKind(string Name, Func<TransportAddress, int, VirtualNat>? MakeNat, VirtualFirewall Firewall)
{
    private static readonly NatBehavior[] Behaviors = [NatBehavior.EndpointIndependent, NatBehavior.AddressDependent, NatBehavior.AddressAndPortDependent];

    /// <summary>No NAT, no firewall.</summary>
    public static NetworkKind Open { get; } = new("open", null, VirtualFirewall.Open);

    /// <summary>A home's NAT behind a carrier's.</summary>
    public static NetworkKind DoubleNat { get; } = new("double", MakeDouble, VirtualFirewall.Open);

    /// <summary>A NAT, and no UDP.</summary>
    public static NetworkKind NoUdp { get; } = new("no UDP", MakeUsual, new VirtualFirewall(AllowsUdp: false));

    /// <summary>A NAT, and nothing but TCP to port 443.</summary>
    public static NetworkKind OnlyTcp443 { get; } = new("TCP 443", MakeUsual, new VirtualFirewall(AllowsUdp: false, OnlyTcpPort: 443));

    /// <summary>NATs of every mapping and filtering.</summary>
    public static IReadOnlyList<NetworkKind> Nats { get; } = [.. from mapping in Behaviors from filtering in Behaviors select Nat(mapping, filtering)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NetworkKind> All { get; } = [Open, .. Nats, DoubleNat, NoUdp, OnlyTcp443];

    /// <summary>One of each sort that behaves differently: for measurements.</summary>
    public static IReadOnlyList<NetworkKind> Typical { get; } =
        [Open, Nats[0], Nats[2], Nats[8], DoubleNat, NoUdp, OnlyTcp443];

    /// <summary>A NAT of one behaviour.</summary>
    public static NetworkKind Nat(NatBehavior mapping, NatBehavior filtering, NatPorts ports = NatPorts.Random) => new(
        $"{Letter(mapping)}/{Letter(filtering)}",
        (outside, seed) => new VirtualNat(outside, mapping, filtering, seed) { Ports = ports },
        VirtualFirewall.Open);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static char Letter(NatBehavior behavior) => behavior switch
    {
        NatBehavior.EndpointIndependent => 'I',
        NatBehavior.AddressDependent => 'A',
        _ => 'P',
    };

    private static VirtualNat MakeUsual(TransportAddress outside, int seed) =>
        new(outside, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent, seed) { Ports = NatPorts.Random };

    private static VirtualNat MakeDouble(TransportAddress outside, int seed)
    {
        Span<byte> bytes = stackalloc byte[4];
        outside.WriteAddressBytes(bytes);

        // RFC 6598: what carriers use between their customers and their own NAT.
        var between = TransportAddress.FromBytes([100, 64, bytes[2], bytes[3]], 0);
        return new VirtualNat(between, NatBehavior.EndpointIndependent, NatBehavior.AddressDependent, seed)
        {
            Ports = NatPorts.Preserving,
            Outer = new VirtualNat(outside, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent, seed + 1) { Ports = NatPorts.Random },
        };
    }
}
