using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>What the application sees of candidates that were never signalled, where an address is hidden behind a name (W3C webrtc-stats, 9: <c>address</c>).</summary>
internal static class CandidatePrivacy
{
    private static readonly TransportAddress NoAddress = TransportAddress.FromBytes([0, 0, 0, 0], 9);

    /// <summary>A local candidate: an address of this machine without a name, and one that only checks have shown, are blanked.</summary>
    public static Ice.IceCandidate Local(Ice.IceCandidate candidate, bool isHidden)
    {
        if (!isHidden || candidate.HostName is not null || candidate.Type is Ice.IceCandidateType.ServerReflexive or Ice.IceCandidateType.Relay)
        {
            return candidate;
        }

        return candidate with { Address = NoAddress, RelatedAddress = candidate.RelatedAddress is null ? null : NoAddress };
    }

    /// <summary>
    /// A remote candidate: where the peer hides behind names, the source of its checks may be what it hides. Where this side hides, a check that comes before the peer's
    /// candidates is taken for that too.
    /// </summary>
    public static Ice.IceCandidate Remote(Ice.IceCandidate candidate, bool isHidden) =>
        isHidden && candidate.Type == Ice.IceCandidateType.PeerReflexive ? candidate with { Address = NoAddress } : candidate;
}
