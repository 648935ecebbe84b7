using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>The local candidates of one generation: gathered ones, and those that answers have shown (RFC 8445, 7.2.5.3.1).</summary>
internal sealed class LocalCandidateTable(int maxPeerReflexive)
{
    private readonly List<LocalCandidate> _candidates = [];
    private readonly List<LocalCandidate> _bases = [];
    private int _peerReflexive;

    public IReadOnlyList<LocalCandidate> Candidates => _candidates;

    /// <summary>The candidates whose address is that of a socket.</summary>
    public IReadOnlyList<LocalCandidate> Bases => _bases;

    /// <summary>Adds a gathered candidate.</summary>
    /// <returns>Whether it is a base, to be paired.</returns>
    public bool Add(LocalCandidate candidate)
    {
        _candidates.Add(candidate);
        if (candidate.Candidate.Address != candidate.Base)
        {
            return false;
        }

        _bases.Add(candidate);
        return true;
    }

    /// <summary>Removes all candidates of a base.</summary>
    public void Remove(TransportAddress @base, TransportProtocol protocol)
    {
        _candidates.RemoveAll(c => c.Base == @base && c.Candidate.Protocol == protocol);
        _bases.RemoveAll(c => c.Base == @base && c.Candidate.Protocol == protocol);
    }

    public bool TryGetBase(in NetworkPath path, [NotNullWhen(true)] out LocalCandidate? candidate)
    {
        // One address and port may be a UDP candidate and a TCP one.
        var (address, _, protocol) = path;
        candidate = _bases.Find(c => c.Base == address && c.Candidate.Protocol == protocol);
        return candidate is not null;
    }

    /// <summary>The candidate that an answer shows the pair to use: the one with the mapped address, made up if it is new.</summary>
    public LocalCandidate Label(LocalCandidate present, TransportAddress mapped, TransportAddress @base)
    {
        // Which port a connection leaves from says nothing to anyone.
        if (present.Candidate.TcpType == IceTcpType.Active && mapped.HasSameAddress(@base))
        {
            return present;
        }

        // The peer cannot know a scope; everything else of the address must be the same.
        if (present.Candidate.Address == mapped || (@base.ScopeId != 0 && @base.Port == mapped.Port && mapped.IsLinkLocal))
        {
            return present;
        }

        if (_candidates.Find(c => c.Candidate.Address == mapped && c.Base == @base && c.Candidate.Protocol == present.Candidate.Protocol) is { } known)
        {
            return known;
        }

        if (_peerReflexive >= maxPeerReflexive)
        {
            return present;
        }

        var candidate = new LocalCandidate(
            new IceCandidate
            {
                Foundation = string.Create(CultureInfo.InvariantCulture, $"prflx.{_peerReflexive++}"),
                Priority = present.PeerReflexivePriority,
                Protocol = present.Candidate.Protocol,
                TcpType = present.Candidate.TcpType,
                Address = mapped,
                Type = IceCandidateType.PeerReflexive,
                RelatedAddress = @base,
                UsernameFragment = present.Candidate.UsernameFragment,
            },
            @base,
            present.LocalPreference);
        _candidates.Add(candidate);
        return candidate;
    }
}
