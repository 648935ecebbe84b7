namespace WebRtcCore.Ice;

/// <summary>The priorities of TCP candidates (RFC 6544, 4.2).</summary>
internal static class TcpPriority
{
    // Below all UDP ones that need no server, above relays: a stream holds up everything behind a lost segment. The figures are Chromium's.
    private const uint HostPreference = 90;
    private const uint PeerReflexivePreference = 80;

    private const int DirectionShift = 13;
    private const int MaxOtherPreference = (1 << DirectionShift) - 1;

    /// <summary>The local preference: a direction preference in the upper three bits, and what tells candidates of one direction apart.</summary>
    public static int LocalPreference(IceTcpType type, int rank)
    {
        // RFC 6544 4.2, for host candidates: NATs and firewalls let connections out more often than in.
        var direction = type switch
        {
            IceTcpType.Active => 6,
            IceTcpType.Passive => 4,
            _ => 2,
        };
        return (direction << DirectionShift) + (MaxOtherPreference - Math.Min(rank, MaxOtherPreference));
    }

    /// <summary>A candidate's priority.</summary>
    public static uint ForCandidate(IceCandidateType type, int localPreference) =>
        ((type == IceCandidateType.Host ? HostPreference : PeerReflexivePreference) << 24) + ((uint)localPreference << 8) + (256 - CandidatePriority.Component);
}
