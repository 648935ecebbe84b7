namespace WebRtcCore.Ice;

/// <summary>The priority formulas of RFC 8445.</summary>
internal static class CandidatePriority
{
    /// <summary>The only component: RTP and RTCP share it (RFC 5761), as does everything of a bundle.</summary>
    public const int Component = 1;

    /// <summary>The largest local preference.</summary>
    public const int MaxLocalPreference = ushort.MaxValue;

    /// <summary>A candidate's priority (RFC 8445, 5.1.2.1) with the recommended type preferences.</summary>
    public static uint ForCandidate(IceCandidateType type, int localPreference, int component = Component)
    {
        var typePreference = type switch
        {
            IceCandidateType.Host => 126u,
            IceCandidateType.PeerReflexive => 110u,
            IceCandidateType.ServerReflexive => 100u,
            _ => 0u,
        };
        return (typePreference << 24) + ((uint)localPreference << 8) + (uint)(256 - component);
    }

    /// <summary>A pair's priority (RFC 8445, 6.1.2.3); both agents compute the same.</summary>
    public static ulong ForPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + (2UL * Math.Max(controlling, controlled)) + (controlling > controlled ? 1u : 0u);
}
