using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>Writes the requests of one generation, and says how long an answer to each may take (RFC 8445, 7.2.2 and 14.3).</summary>
internal sealed class CheckSender(CheckContext context, GenerationCredentials credentials, CheckTransactions transactions)
{
    private static readonly TimeSpan MinMeasuredTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts a check of a pair.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="nomination">The number of the nomination that it carries, or 0.</param>
    /// <param name="activePairs">N of RFC 8445, 14.3.</param>
    /// <param name="now">The time.</param>
    public void Start(CandidatePair pair, uint nomination, int activePairs, Instant now) =>
        Send(transactions.Start(pair, context.Role.Role, nomination, RetransmissionTimeout(pair, activePairs), now), now);

    /// <summary>Sends the request of a check, for the first time or again.</summary>
    public void Send(CheckTransaction transaction, Instant now)
    {
        transaction.Pair.RequestsSent++;
        transaction.Pair.LastSentAt = now;
        SendRequest(transaction.Pair, transaction.Id, transaction.Role, transaction.Nomination);
    }

    /// <summary>Sends a consent check (RFC 7675, 5.1).</summary>
    public void SendConsent(CandidatePair pair, StunTransactionId id)
    {
        pair.ConsentRequestsSent++;
        SendRequest(pair, id, context.Role.Role, context.Role.IsControlling ? pair.Nomination : 0);
    }

    // RFC 8445 14.3: the more checks are under way, the slower each is repeated. Deviation: the floor is 100 ms between host candidates
    // (250 ms otherwise) instead of 500 ms, and a measured round trip serves instead where there is one: a lost packet on a short path
    // must not cost half a second.
    private TimeSpan RetransmissionTimeout(CandidatePair pair, int activePairs)
    {
        if (pair.IsStream)
        {
            return context.Options.StreamCheckTimeout;
        }

        var floor = pair.IsHostToHost ? context.Options.HostRetransmissionTimeout : context.Options.RetransmissionTimeout;
        if (pair.SmoothedRoundTripTime is { } measured)
        {
            floor = TimeSpan.FromTicks(Math.Max(MinMeasuredTimeout.Ticks, 2 * measured.Ticks));
        }

        return TimeSpan.FromTicks(Math.Max(floor.Ticks, context.Options.CheckInterval.Ticks * activePairs));
    }

    private void SendRequest(CandidatePair pair, StunTransactionId id, IceRole role, uint nomination) =>
        context.Outbox.Send(new OutgoingMessage
        {
            Path = pair.Path,
            Class = StunClass.Request,
            TransactionId = id,
            Credentials = credentials,
            Role = role,

            // RFC 8445 7.1.1: the priority that this agent's address would have if the peer learned it from this check.
            Priority = pair.Local.PeerReflexivePriority,
            Nomination = nomination,
            IsRenominating = context.Role.IsRenominating,
        });
}
