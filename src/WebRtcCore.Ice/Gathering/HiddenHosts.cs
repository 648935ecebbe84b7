using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>What is told of host addresses that are hidden behind names (draft-ietf-mmusic-mdns-ice-candidates, 3.1).</summary>
/// <param name="names">The names by address with port 0; one without a name is kept back. <see langword="null"/> if nothing is hidden.</param>
internal sealed class HiddenHosts(IReadOnlyDictionary<TransportAddress, string?>? names)
{
    private readonly Dictionary<TransportAddress, string?>? _names = names is null ? null : new(names);

    // The discard port stands where no port is to be told.
    private const int HiddenPort = 9;
    private static readonly TransportAddress NoAddress4 = TransportAddress.FromBytes([0, 0, 0, 0], HiddenPort);
    private static readonly TransportAddress NoAddress6 = TransportAddress.FromBytes(new byte[16], HiddenPort);

    /// <summary>Gives an address that has come a name; without one it is kept back. Nothing happens where nothing is hidden.</summary>
    public void Name(TransportAddress address, string? name)
    {
        if (_names is not null)
        {
            _names[address.WithPort(0)] = name;
        }
    }

    /// <summary>What stands in place of a related address that is not to be told (RFC 8839, 5.1).</summary>
    public static TransportAddress NoAddress(TransportAddress hidden) => hidden.IsIPv4 ? NoAddress4 : NoAddress6;

    /// <summary>Puts the name of a host candidate in place of its address, and nothing in place of the related address of another.</summary>
    /// <param name="candidate">A gathered candidate.</param>
    /// <param name="isTold">False for a host address without a name: it serves as a base and is not signalled.</param>
    public IceCandidate Hide(IceCandidate candidate, out bool isTold)
    {
        isTold = true;
        if (_names is null)
        {
            return candidate;
        }

        if (candidate.Type != IceCandidateType.Host)
        {
            return candidate.RelatedAddress is { } related ? candidate with { RelatedAddress = NoAddress(related) } : candidate;
        }

        var name = _names.GetValueOrDefault(candidate.Address.WithPort(0));

        // Deviation: the draft, 3.1.1, tells a name even where nobody answers for it, so that pages cannot find out about the network. Here there is no page, and the
        // peer would ask in vain.
        isTold = name is not null;
        return candidate with { HostName = name };
    }

    /// <summary>
    /// Whether a host address is told after all, as what a server sees: without a NAT peers beyond the link would have no other way, and everybody
    /// whom this machine talks to knows a public address. A private one is of no use to them.
    /// </summary>
    // Deviation: the draft, 3.1.2.2, tells what a server sees whatever it is. A server on the local network would so undo the hiding.
    public bool IsToldAsReflexive(TransportAddress host)
    {
        if (_names is null || host.IsLoopback || host.IsLinkLocal)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        host.WriteAddressBytes(bytes);
        return host.IsIPv4
            ? (bytes[0], bytes[1]) is not ((10, _) or (172, >= 16 and < 32) or (192, 168) or (100, >= 64 and < 128))
            : (bytes[0] & 0xFE) != 0xFC;
    }
}
