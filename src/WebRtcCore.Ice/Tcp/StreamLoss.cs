namespace WebRtcCore.Ice;

/// <summary>What the end of its TCP connection means for a pair.</summary>
internal static class StreamLoss
{
    /// <summary>
    /// Acts on it. The pair in use gets another connection if this side connects, and otherwise waits for the peer to, until consent expires; the rest has failed.
    /// </summary>
    /// <returns>Whether the pair has failed.</returns>
    public static bool HasFailed(CandidatePair pair, CandidatePair? selected, AgentRole role, Nomination nomination, TriggeredCheckQueue triggered)
    {
        if (pair != selected || pair.IsStale)
        {
            return pair.State != IceCandidatePairState.Failed;
        }

        pair.IsStale = true;
        if (!IceTcpStreams.IsActive(pair.Path))
        {
            return false;
        }

        // To the peer another connection is another pair, which it uses once that is nominated.
        nomination.OnEnded(pair);
        if (role.IsControlling)
        {
            pair.Nomination = 0;
        }
        else
        {
            triggered.Enqueue(pair);
        }

        return false;
    }
}
