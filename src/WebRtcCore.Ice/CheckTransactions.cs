using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>The table of unanswered checks with their retransmission times (RFC 8489, 6.2.1; RFC 8445, 14.3).</summary>
internal sealed class CheckTransactions(IceAgentOptions options, IRandomSource random)
{
    private readonly Dictionary<StunTransactionId, CheckTransaction> _byId = [];
    private Instant? _next;
    private bool _isNextKnown = true;

    public int Count => _byId.Count;

    /// <summary>The earliest deadline.</summary>
    public Instant? Next
    {
        get
        {
            if (!_isNextKnown)
            {
                _isNextKnown = true;
                _next = null;
                foreach (var transaction in _byId.Values)
                {
                    _next = Instant.Earliest(_next, transaction.Deadline);
                }
            }

            return _next;
        }
    }

    /// <summary>Starts the transaction of a check that is sent now for the first time; older ones of the pair are not sent again.</summary>
    public CheckTransaction Start(CandidatePair pair, IceRole role, uint nomination, TimeSpan retransmissionTimeout, Instant now)
    {
        Cancel(pair, now);
        var transaction = new CheckTransaction
        {
            Id = StunTransactionId.Create(random),
            Pair = pair,
            Role = role,
            Nomination = nomination,
            FirstSentAt = now,
            RetransmissionTimeout = retransmissionTimeout,
            Transmissions = 1,
            Deadline = now + retransmissionTimeout,
        };
        _byId.Add(transaction.Id, transaction);
        _isNextKnown = false;
        return transaction;
    }

    public bool TryGet(StunTransactionId id, out CheckTransaction? transaction) => _byId.TryGetValue(id, out transaction);

    public void Remove(CheckTransaction transaction)
    {
        _byId.Remove(transaction.Id);
        _isNextKnown = false;
    }

    /// <summary>Whether a check of the pair is under way that is not cancelled.</summary>
    public bool IsUnderWay(CandidatePair pair)
    {
        foreach (var transaction in _byId.Values)
        {
            if (transaction.Pair == pair && !transaction.IsCancelled)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Stops retransmissions of the pair's checks; answers still count for as long as they may be under way.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="now">The time.</param>
    /// <param name="keepNominating">Whether a check with USE-CANDIDATE goes on: the answer to one without says nothing about it.</param>
    public void Cancel(CandidatePair pair, Instant now, bool keepNominating = false)
    {
        foreach (var transaction in _byId.Values)
        {
            if (transaction.Pair == pair && !transaction.IsCancelled && !(keepNominating && transaction.IsNominating))
            {
                transaction.IsCancelled = true;
                transaction.Deadline = now + options.MaxRetransmissionTimeout;
                _isNextKnown = false;
            }
        }
    }

    /// <summary>Cancels the checks of all pairs below a priority but one.</summary>
    public void CancelBelow(ulong priority, CheckList list, CandidatePair except, Instant now)
    {
        if (list.Count(IceCandidatePairState.InProgress) == 0)
        {
            return;
        }

        foreach (var pair in list.Pairs)
        {
            if (pair.State == IceCandidatePairState.InProgress && pair.Priority < priority && pair != except)
            {
                Cancel(pair, now);
            }
        }
    }

    /// <summary>
    /// Takes a transaction that is due: either to be sent again (its next deadline is set) or expired (it is removed).
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="canGiveUp">Whether unanswered checks of pairs may be given up; otherwise they go on.</param>
    /// <param name="due">The transaction.</param>
    /// <param name="hasExpired">Whether it is not to be sent again.</param>
    public bool TryTakeDue(Instant now, bool canGiveUp, out CheckTransaction? due, out bool hasExpired)
    {
        due = null;
        hasExpired = false;
        if (Next is not { } next || next > now)
        {
            return false;
        }

        foreach (var transaction in _byId.Values)
        {
            if (transaction.Deadline <= now)
            {
                due = transaction;
                break;
            }
        }

        // A stream loses nothing: what is not answered there in time will not be (RFC 8489, 6.2.2).
        hasExpired = due!.IsCancelled
            || due.Pair.IsStream
            || (due.Transmissions >= options.MaxCheckTransmissions && (canGiveUp || due.Pair.State != IceCandidatePairState.InProgress));
        if (hasExpired)
        {
            Remove(due);
            return true;
        }

        var ceiling = TimeSpan.FromTicks(Math.Max(options.MaxRetransmissionTimeout.Ticks, due.RetransmissionTimeout.Ticks));
        due.RetransmissionTimeout = TimeSpan.FromTicks(Math.Min(due.RetransmissionTimeout.Ticks * 2, ceiling.Ticks));
        due.Transmissions++;
        due.Deadline = now + due.RetransmissionTimeout;
        _isNextKnown = false;
        return true;
    }

    public void Clear()
    {
        _byId.Clear();
        _next = null;
        _isNextKnown = true;
    }
}
