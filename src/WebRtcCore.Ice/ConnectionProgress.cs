using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>What the state of the connection is, seen from the checks and from gathering, and when it would be a failure.</summary>
internal sealed class ConnectionProgress(IceAgentOptions options, CheckGenerations generations, CandidateGatherer gatherer, IceRelays relays)
{
    /// <summary>Whether the peer's credentials have ever been known.</summary>
    public bool HasEverStarted { get; set; }

    public IceAgentState Compute(IceAgentState present, Instant now)
    {
        if (generations.PairInUse is { } pair && present != IceAgentState.Failed)
        {
            return pair.IsStale ? IceAgentState.Disconnected
                : HasCompleted(pair) ? IceAgentState.Completed
                : IceAgentState.Connected;
        }

        if (!HasBegun(present))
        {
            return IceAgentState.New;
        }

        if (IsReplacingRelay(present))
        {
            // A pair of the new relayed address may take over where the lost one has left off.
            return IceAgentState.Disconnected;
        }

        return generations.Current.HasLostConsent || FailsAt(present) <= now ? IceAgentState.Failed : IceAgentState.Checking;
    }

    /// <summary>When an agent without a working pair gives up; null if nothing can fail now. RFC 8863: as long as candidates may come, also peer-reflexive ones, late.</summary>
    public Instant? FailsAt(IceAgentState present)
    {
        if (generations.PairInUse is not null || !HasBegun(present) || IsReplacingRelay(present))
        {
            return null;
        }

        // Checks of the peer alone put failure off only so far: two agents that hear one another, but never the answers, must fail some time.
        var latest = generations.Current.LastNews + options.TrickleFailedTimeout;
        var isComplete = generations.Current.HasRemoteEnded && gatherer.State == IceGatheringState.Complete;
        return isComplete ? Instant.Earliest(latest, generations.Current.LastActivity + options.FailedTimeout) : latest;
    }

    /// <summary>Why there is no working pair.</summary>
    public IceFailureReason Explain()
    {
        var checks = generations.Current;
        return checks.IsMoving ? IceFailureReason.AddressLost
            : checks.HasEverWorked ? IceFailureReason.ConsentExpired
            : checks.Locals.Count == 0 ? IceFailureReason.NoLocalCandidates
            : checks.Remotes.Count == 0 ? IceFailureReason.NoRemoteCandidates
            : checks.List.Pairs.Count == 0 ? IceFailureReason.NoCandidatePairs
            : checks.List.Pairs.Exists(static p => p.HasAuthenticatedRequest) ? IceFailureReason.OneWay
            : IceFailureReason.NoAnswer;
    }

    // W3C webrtc 5.6.1: an answerer knows the peer's candidates before it gathers its own; nothing is checked, and nothing can fail, until then.
    private bool HasBegun(IceAgentState present) => HasEverStarted && (present != IceAgentState.New || gatherer.State != IceGatheringState.New);

    private bool IsReplacingRelay(IceAgentState present) =>
        relays.IsRecovering && present is IceAgentState.Connected or IceAgentState.Completed or IceAgentState.Disconnected;

    private bool HasCompleted(CandidatePair pair) =>
        pair.IsNominated
        && pair == generations.Current.Selected
        && gatherer.State == IceGatheringState.Complete
        && generations.Current.HasRemoteEnded
        && !generations.Current.List.HasUnfinished;
}
