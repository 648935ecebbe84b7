using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// Keeps asking the peer for its consent to receive on the pair in use (RFC 7675), which also keeps NAT bindings open.
/// A check starts every 4 to 6 s at random; one that goes unanswered is sent again, after half a second and then every second, until the
/// next starts: lost packets must not look like a lost peer. 0 bytes allocated.
/// </summary>
internal sealed class ConsentCheck(IceAgentOptions options, IRandomSource random)
{
    private const int MaxOutstanding = 8;
    private const int TicksPerInterval = 5;
    private const int SuspicionTries = 5;
    private static readonly TimeSpan FirstRetransmission = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetransmission = TimeSpan.FromSeconds(1);

    private readonly Request[] _requests = new Request[MaxOutstanding];
    private int _count;
    private CandidatePair? _pair;
    private Instant _nextStart;
    private Instant? _nextRetransmission;
    private TimeSpan _retransmissionTimeout;
    private Instant? _unansweredSince;
    private Instant? _suspectedAt;

    /// <summary>What <see cref="TryTakeDue"/> finds due.</summary>
    public enum Due
    {
        /// <summary>A request is to be sent on the pair.</summary>
        Send,

        /// <summary>Answers have stayed away for the disconnect timeout; the pair is stale now.</summary>
        BecameStale,
    }

    /// <summary>The pair that is kept alive.</summary>
    public CandidatePair? Pair => _pair;

    /// <summary>The earliest deadline, that of consent included.</summary>
    public Instant? Next
    {
        get
        {
            if (_pair is not { } pair)
            {
                return null;
            }

            Instant? next = pair.LastAnswerAt + options.ConsentTimeout;
            if (!options.IsLite)
            {
                next = Instant.Earliest(Instant.Earliest(next, _nextStart), _nextRetransmission);
            }

            return pair.IsStale ? next : Instant.Earliest(next, StaleAt(pair));
        }
    }

    /// <summary>Keeps <paramref name="pair"/> alive from now on instead of another; null stops.</summary>
    public void Follow(CandidatePair? pair, Instant now)
    {
        if (_pair == pair)
        {
            return;
        }

        _pair = pair;
        _count = 0;
        _unansweredSince = null;
        _suspectedAt = null;
        _nextRetransmission = null;
        if (pair is not null)
        {
            // A pair whose last answer is old is asked at once.
            _nextStart = Instant.Max(now, NextStart(pair.LastAnswerAt));
        }
    }

    /// <summary>
    /// Asks at once, and calls the pair stale soon if no answer comes: there are signs that the peer is elsewhere. Nothing happens while that is under way.
    /// </summary>
    public void Suspect(Instant now)
    {
        if (_pair is { IsStale: false } && !options.IsLite && _suspectedAt is null)
        {
            _suspectedAt = now;
            _nextStart = now;
        }
    }

    /// <summary>Says what is due; ask again until it answers false. For <see cref="Due.Send"/> the request's id is given.</summary>
    public bool TryTakeDue(Instant now, out Due due, out StunTransactionId id)
    {
        id = default;
        due = default;
        if (_pair is not { } pair)
        {
            return false;
        }

        if (!pair.IsStale && StaleAt(pair) is { } staleAt && now >= staleAt)
        {
            pair.IsStale = true;
            due = Due.BecameStale;
            return true;
        }

        return !options.IsLite && TrySend(now, out id);
    }

    /// <summary>Looks an answer up.</summary>
    /// <returns>Whether it belongs to an outstanding consent check.</returns>
    public bool IsOutstanding(StunTransactionId id) => IndexOf(id) >= 0;

    /// <summary>Takes a valid answer.</summary>
    public void OnAnswer(StunTransactionId id, Instant now)
    {
        var request = _requests[IndexOf(id)];
        _pair!.OnAnswer(request.IsRetransmitted ? null : now - request.SentAt, now);

        // An answer to any of them shows that the peer consents now; the others have become pointless.
        _count = 0;
        _unansweredSince = null;
        _suspectedAt = null;
        _nextRetransmission = null;
    }

    private bool TrySend(Instant now, out StunTransactionId id)
    {
        if (now >= _nextStart)
        {
            id = StunTransactionId.Create(random);
            _nextStart = NextStart(now);
            _unansweredSince ??= now;
            _retransmissionTimeout = _suspectedAt is null ? FirstRetransmission : SuspicionRetransmission();
            _nextRetransmission = now + _retransmissionTimeout;
            Remember(new Request(id, now, IsRetransmitted: false));
            return true;
        }

        // Deviation: RFC 7675 5.1 wants each request sent once, every 4 to 6 s. One packet lost of a path that loses a tenth would then be a silence of 10 s, twice what
        // counts as a disconnect; an answer still proves consent only for the request that is repeated.
        if (_nextRetransmission is { } next && now >= next)
        {
            ref var latest = ref _requests[_count - 1];
            latest = latest with { IsRetransmitted = true };
            id = latest.Id;
            _retransmissionTimeout = _suspectedAt is null || _pair!.IsStale ? LongestRetransmission : SuspicionRetransmission();
            _nextRetransmission = now + _retransmissionTimeout;
            return true;
        }

        id = default;
        return false;
    }

    private void Remember(Request request)
    {
        if (_count == MaxOutstanding)
        {
            Array.Copy(_requests, 1, _requests, 0, MaxOutstanding - 1);
            _count--;
        }

        _requests[_count++] = request;
    }

    private int IndexOf(StunTransactionId id)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_requests[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    // A lite agent sees only the peer's requests, whose period is the peer's choice: it allows for one that got lost.
    private Instant? StaleAt(CandidatePair pair) => options.IsLite
        ? pair.LastAnswerAt + options.DisconnectedTimeout + (2 * options.ConsentInterval)
        : Instant.Earliest(_unansweredSince + options.DisconnectedTimeout, _suspectedAt + options.SuspicionTimeout);

    private TimeSpan SuspicionRetransmission() => options.SuspicionTimeout / SuspicionTries;

    // RFC 7675 5.1: 0.8 to 1.2 times the period, so that checks of many connections do not march in step. Within that, on a tick of the clock: agents that share
    // a clock then wake their process for several at once, and each tick still has its own few.
    private Instant NextStart(Instant from)
    {
        var tick = options.ConsentInterval / TicksPerInterval;
        var earliest = (from + (options.ConsentInterval * 0.8)).RoundUp(tick);
        var choices = (int)((from + (options.ConsentInterval * 1.2) - earliest) / tick) + 1;
        return earliest + (tick * (int)(random.NextDouble() * choices));
    }

    private readonly record struct Request(StunTransactionId Id, Instant SentAt, bool IsRetransmitted);
}
