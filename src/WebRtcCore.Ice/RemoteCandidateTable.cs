using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>The peer's candidates of one generation, bounded: signalled ones and those that checks have shown.</summary>
internal sealed class RemoteCandidateTable(IceAgentOptions options)
{
    private readonly List<IceCandidate> _candidates = [];
    private readonly Dictionary<(TransportAddress Address, TransportProtocol Protocol), IceCandidate> _byAddress = [];
    private int _signalled;
    private int _peerReflexive;
    private int _foundations;

    public IReadOnlyList<IceCandidate> Candidates => _candidates;

    /// <summary>
    /// Whether a candidate can be used by this agent: UDP or something over TCP to connect to, the one component, and an address that one host can have.
    /// Active TCP candidates connect by themselves and are learned then. Names (mDNS) belong to other parts of the stack; they are skipped, not refused.
    /// </summary>
    public static bool IsUsable(IceCandidate candidate)
    {
        var address = candidate.Address;
        return candidate is { Component: CandidatePriority.Component } and ({ Protocol: TransportProtocol.Udp } or { TcpType: IceTcpType.Passive })
            && !address.IsNone && address.Port != 0 && !address.IsAny && !IsMulticast(address);
    }

    public bool TryGet(in NetworkPath path, [NotNullWhen(true)] out IceCandidate? candidate) => _byAddress.TryGetValue((path.Remote, path.Protocol), out candidate);

    /// <summary>Adds a signalled candidate.</summary>
    /// <param name="candidate">A usable one.</param>
    /// <param name="replaced">The peer-reflexive candidate of the same address whose place it takes (RFC 8445, 7.3.1.3).</param>
    /// <param name="isFull">Whether it was dropped because the table is full.</param>
    /// <returns>Whether it is new.</returns>
    public bool TryAddSignalled(IceCandidate candidate, out IceCandidate? replaced, out bool isFull)
    {
        replaced = null;
        isFull = false;
        if (_byAddress.TryGetValue((candidate.Address, candidate.Protocol), out var known))
        {
            if (known.Type != IceCandidateType.PeerReflexive || candidate.Type == IceCandidateType.PeerReflexive)
            {
                return false;
            }

            replaced = known;
            _peerReflexive--;
            _candidates.Remove(known);
        }
        else if (_signalled >= options.MaxRemoteCandidates)
        {
            isFull = true;
            return false;
        }

        _signalled++;
        Store(candidate);
        return true;
    }

    /// <summary>Adds the source of an authenticated check that was not signalled (RFC 8445, 7.3.1.3); false if there are too many.</summary>
    public bool TryAddPeerReflexive(in NetworkPath path, uint priority, [NotNullWhen(true)] out IceCandidate? candidate)
    {
        candidate = null;
        if (_peerReflexive >= options.MaxPeerReflexiveCandidates)
        {
            return false;
        }

        _peerReflexive++;
        candidate = new IceCandidate
        {
            // Unlike any foundation that can be signalled as an ice-char string, and unlike one another.
            Foundation = string.Create(CultureInfo.InvariantCulture, $"prflx.{_foundations++}"),
            Priority = priority,
            Address = path.Remote,
            Protocol = path.Protocol,
            TcpType = path.Protocol == TransportProtocol.Tcp ? IceTcpType.Active : null,
            Type = IceCandidateType.PeerReflexive,
        };
        Store(candidate);
        return true;
    }

    private static bool IsMulticast(TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddressBytes(bytes);
        return address.IsIPv4 ? bytes[0] >= 224 : bytes[0] == 0xFF;
    }

    private void Store(IceCandidate candidate)
    {
        _candidates.Add(candidate);
        _byAddress[(candidate.Address, candidate.Protocol)] = candidate;
    }
}
