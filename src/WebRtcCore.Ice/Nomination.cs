using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// Which pair carries data, and, for the controlling agent, which pair to nominate and when (RFC 8445, 8.1.1: regular nomination).
/// Controlled agents also cope with peers that nominate every pair (aggressive nomination of RFC 5245): the best nominated pair counts.
/// Where both sides know renomination, nominations are numbered: the latest counts, and a better pair that turns up later is nominated too.
/// </summary>
internal sealed class Nomination(IceAgentOptions options, AgentRole role)
{
    private CandidatePair? _underWay;
    private uint _number;
    private Instant? _patienceEnd;
    private Instant _lastChosenAt;

    /// <summary>When <see cref="Choose"/> wants to be asked again.</summary>
    public Instant? Next => _patienceEnd;

    /// <summary>
    /// The pair for data: a nominated one before others, one that answers before one that does not, then the one nominated last, then by priority; null if none works.
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
    /// unless it no longer answers and another pair does: then that one is nominated, rather than waiting for consent to expire;
    /// or unless a better one works and the peer knows renomination.
    /// </summary>
    public CandidatePair? Choose(CheckList list, CandidatePair? selected, Instant now)
    {
        // Deviation: RFC 8445 8.1.1 allows one nomination in a session. A pair that does not answer any more would take the connection along, though another one works.
        var isSettled = selected is { IsNominated: true, IsStale: false };
        if (isSettled && !role.IsRenominating)
        {
            Reset();
            return null;
        }

        var best = isSettled ? BetterCandidate(list, selected!, now) : BestCandidate(list, now);
        if (best is null || best == _underWay)
        {
            _patienceEnd = null;
            return null;
        }

        // One at a time, unless the one under way has stopped answering and another has not.
        var isBusy = _underWay is { } underWay && (!underWay.IsStale || best.IsStale);
        if (isBusy || !(isSettled ? IsRested(now) : IsGoodEnough(list, best, selected, now)))
        {
            return null;
        }

        _patienceEnd = null;
        _underWay = best;
        _lastChosenAt = now;
        _number = NextNumber(list);
        return best;
    }

    /// <summary>The number to nominate a pair with: that of the nomination under way, which is sent and not yet answered, or 0.</summary>
    public uint NumberFor(CandidatePair pair) => _underWay == pair ? _number : 0;

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

        if (pair.IsStale != best.IsStale)
        {
            return best.IsStale;
        }

        // The list is in order of priority, so an equal one that comes later is worse.
        return pair.Nomination > best.Nomination;
    }

    // Without renomination every nomination is USE-CANDIDATE, which has no number. After a role switch the peer's numbers count too.
    private uint NextNumber(CheckList list)
    {
        if (!role.IsRenominating)
        {
            return 1;
        }

        var highest = _number;
        foreach (var pair in list.Pairs)
        {
            highest = Math.Max(highest, pair.Nomination);
        }

        return highest + 1;
    }

    private CandidatePair? BestCandidate(CheckList list, Instant now)
    {
        CandidatePair? best = null;
        foreach (var pair in list.Pairs)
        {
            if ((role.IsRenominating || !pair.IsNominated) && IsUsable(pair, now) && (best is null || (best.IsStale && !pair.IsStale)))
            {
                best = pair;
            }
        }

        // Numbered again and again, a pair that has stopped answering would be the only one that is asked.
        return best is { IsNominated: true, IsStale: true } ? null : best;
    }

    private CandidatePair? BetterCandidate(CheckList list, CandidatePair selected, Instant now)
    {
        foreach (var pair in list.Pairs)
        {
            if (pair.Priority <= selected.Priority)
            {
                return null;
            }

            if (!pair.IsStale && IsUsable(pair, now) && now - pair.LastAnswerAt <= options.ConsentInterval)
            {
                return pair;
            }
        }

        return null;
    }

    // Candidates come one after another; each move costs the congestion control its knowledge of the path.
    private bool IsRested(Instant now)
    {
        var end = _lastChosenAt + options.RenominationInterval;
        _patienceEnd = now < end ? end : null;
        return now >= end;
    }

    // Not waiting costs at most a slightly worse path; waiting costs every connection time. So: at once if no better pair can come from what
    // is known, or if the path is a direct one; otherwise a short patience from the first pair that works.
    private bool IsGoodEnough(CheckList list, CandidatePair best, CandidatePair? selected, Instant now)
    {
        if (best.IsHostToHost || selected is { IsNominated: true } || !HasBetterUnfinished(list, best))
        {
            return true;
        }

        _patienceEnd ??= now + options.NominationPatience;
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
        pair.State == IceCandidatePairState.Succeeded && now < pair.LastAnswerAt + options.ConsentTimeout;
}
