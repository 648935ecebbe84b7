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
    public void Remove(TransportAddress @base)
    {
        _candidates.RemoveAll(c => c.Base == @base);
        _bases.RemoveAll(c => c.Base == @base);
    }

    public bool TryGetBase(TransportAddress address, [NotNullWhen(true)] out LocalCandidate? candidate)
    {
        candidate = _bases.Find(c => c.Base == address);
        return candidate is not null;
    }

    /// <summary>The candidate that an answer shows the pair to use: the one with the mapped address, made up if it is new.</summary>
    public LocalCandidate Label(LocalCandidate present, TransportAddress mapped, TransportAddress @base)
    {
        // The peer cannot know a scope; everything else of the address must be the same.
        if (present.Candidate.Address == mapped || (@base.ScopeId != 0 && @base.Port == mapped.Port && mapped.IsLinkLocal))
        {
            return present;
        }

        if (_candidates.Find(c => c.Candidate.Address == mapped && c.Base == @base) is { } known)
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
                Priority = CandidatePriority.ForCandidate(IceCandidateType.PeerReflexive, present.LocalPreference),
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
