using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// Which pair carries data, and, for the controlling agent, which pair to nominate and when (RFC 8445, 8.1.1: regular nomination).
/// Controlled agents also cope with peers that nominate every pair (aggressive nomination of RFC 5245): the best nominated pair counts.
/// </summary>
internal sealed class Nomination(TimeSpan patience, TimeSpan consentTimeout)
{
    private CandidatePair? _underWay;
    private Instant? _patienceEnd;

    /// <summary>When <see cref="Choose"/> wants to be asked again.</summary>
    public Instant? Next => _patienceEnd;

    /// <summary>
    /// The pair for data: a nominated one before others, one that answers before one that does not, then by priority; null if none works.
    /// </summary>
    public CandidatePair? Select(CheckList list, Instant now)
    {
        CandidatePair? best = null;
        foreach (var pair in list.Pairs)
        {
            if (IsUsable(pair, now) && (best is null || IsBetter(pair, best)))
            {
                best = pair;
            }
        }

        return best;
    }

    /// <summary>
    /// What the controlling agent nominates now, or <see langword="null"/>. Once the nominated pair works there is nothing to choose,
    /// unless it no longer answers and another pair does: then that one is nominated, rather than waiting for consent to expire.
    /// </summary>
    public CandidatePair? Choose(CheckList list, CandidatePair? selected, Instant now)
    {
        if (selected is { IsNominated: true, IsStale: false })
        {
            Reset();
            return null;
        }

        var best = BestCandidate(list, now);
        if (best is null || best == _underWay)
        {
            _patienceEnd = null;
            return null;
        }

        // One at a time, unless the one under way has stopped answering and another has not.
        var isBusy = _underWay is { } underWay && (!underWay.IsStale || best.IsStale);
        if (isBusy || !IsGoodEnough(list, best, selected, now))
        {
            return null;
        }

        _patienceEnd = null;
        _underWay = best;
        return best;
    }

    /// <summary>Whether a nomination of the pair has been sent and not yet answered.</summary>
    public bool IsUnderWay(CandidatePair pair) => _underWay == pair;

    /// <summary>The nomination's check was answered, or it failed: the next may be tried.</summary>
    public void OnEnded(CandidatePair pair)
    {
        if (_underWay == pair)
        {
            _underWay = null;
        }
    }

    public void Reset()
    {
        _underWay = null;
        _patienceEnd = null;
    }

    private static bool IsBetter(CandidatePair pair, CandidatePair best)
    {
        if (pair.IsNominated != best.IsNominated)
        {
            return pair.IsNominated;
        }

        // The list is in order of priority, so an equal one that comes later is worse.
        return best.IsStale && !pair.IsStale;
    }

    private CandidatePair? BestCandidate(CheckList list, Instant now)
    {
        CandidatePair? best = null;
        foreach (var pair in list.Pairs)
        {
            if (!pair.IsNominated && IsUsable(pair, now) && (best is null || (best.IsStale && !pair.IsStale)))
            {
                best = pair;
            }
        }

        return best;
    }

    // Not waiting costs at most a slightly worse path; waiting costs every connection time. So: at once if no better pair can come from what
    // is known, or if the path is a direct one; otherwise a short patience from the first pair that works.
    private bool IsGoodEnough(CheckList list, CandidatePair best, CandidatePair? selected, Instant now)
    {
        if (best.IsHostToHost || selected is { IsNominated: true } || !HasBetterUnfinished(list, best))
        {
            return true;
        }

        _patienceEnd ??= now + patience;
        return now >= _patienceEnd;
    }

    private static bool HasBetterUnfinished(CheckList list, CandidatePair best)
    {
        foreach (var pair in list.Pairs)
        {
            if (pair == best)
            {
                return false;
            }

            if (pair.State is IceCandidatePairState.Frozen or IceCandidatePairState.Waiting or IceCandidatePairState.InProgress)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsUsable(CandidatePair pair, Instant now) =>
        pair.State == IceCandidatePairState.Succeeded && now < pair.LastAnswerAt + consentTimeout;
}
