namespace WebRtcCore.Ice;

/// <summary>The kinds of <see cref="IceEvent"/>.</summary>
public enum IceEventKind
{
    /// <summary>A local candidate is ready to be signalled to the peer.</summary>
    CandidateGathered,

    /// <summary><see cref="IceAgent.GatheringState"/> changed; at <see cref="IceGatheringState.Complete"/> end-of-candidates can be signalled.</summary>
    GatheringStateChanged,

    /// <summary><see cref="IceAgent.State"/> changed.</summary>
    StateChanged,

    /// <summary>Data goes elsewhere from now on, or nowhere.</summary>
    SelectedPathChanged,

    /// <summary>A check came from an address that was not signalled: a peer-reflexive remote candidate.</summary>
    RemoteCandidateDiscovered,

    /// <summary>Both agents had the same role, and this one gave way (RFC 8445, 7.3.1.1).</summary>
    RoleChanged,

    /// <summary>A STUN server gave no address (W3C <c>icecandidateerror</c>).</summary>
    GatheringFailed,

    /// <summary>The pair that data goes over is nominated; raised once for each nomination.</summary>
    PairNominated,
}
