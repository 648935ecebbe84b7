using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// The tail-loss probe (RFC 8985, 7): when the last packets of a burst stay unanswered, one more is sent to provoke a SACK, long before the retransmission
/// timer would expire and shut the window.
/// </summary>
internal sealed class TailProbe
{
    // RFC 8985 7.2: a peer may hold the SACK of a lone packet back for this long (RFC 9260, 6.2).
    private static readonly TimeSpan PeerSackDelay = TimeSpan.FromMilliseconds(200);

    // On short paths the peer's own timers are coarser than two round trips.
    private static readonly TimeSpan LeastMargin = TimeSpan.FromMilliseconds(30);
    private Instant _waitingSince;
    private TimeSpan _wait;
    private Tsn? _sent;
    private bool _isRepetition;
    private Instant _sentAt;

    /// <summary>When <see cref="OnTimeout"/> is due.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Whether a probe is to be sent.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Begins to wait, or waits anew: data was sent or acknowledged. The deadline itself moves only when it is reached, so that the timer rests.</summary>
    public void Schedule(TimeSpan? smoothed, bool isLonePacket, Instant now)
    {
        if (_sent is not null || IsDue || smoothed is not { } roundTripTime)
        {
            return;
        }

        var margin = isLonePacket ? (roundTripTime / 2) + PeerSackDelay : LeastMargin;
        _wait = roundTripTime + (margin > roundTripTime ? margin : roundTripTime);
        _waitingSince = now;
        var due = now + _wait;
        Deadline = Deadline is { } earlier && earlier < due ? earlier : due;
    }

    /// <summary>Nothing to wait for: all is acknowledged, or losses are being repaired.</summary>
    public void Cancel()
    {
        Deadline = null;
        IsDue = false;
    }

    /// <summary>Takes the deadline.</summary>
    public void OnTimeout(Instant now)
    {
        if (Deadline is not { } deadline || deadline > now)
        {
            return;
        }

        var due = _waitingSince + _wait;
        IsDue = due <= now;
        Deadline = IsDue ? null : due;
    }

    /// <summary>Notes the probe: the last TSN that it carried.</summary>
    /// <param name="tsn">The TSN.</param>
    /// <param name="isRepetition">Whether it had been sent before, instead of being new data.</param>
    /// <param name="now">The present.</param>
    public void OnSent(Tsn tsn, bool isRepetition, Instant now)
    {
        IsDue = false;
        _sent = tsn;
        _isRepetition = isRepetition;
        _sentAt = now;
    }

    /// <summary>Takes a SACK. RFC 8985 7.4: a probe that was not reported as a duplicate has repaired a loss, which would go unnoticed otherwise.</summary>
    /// <returns>Whether it has.</returns>
    public bool OnAcknowledged(Tsn cumulative, bool isProbeDuplicate, TimeSpan shortestRoundTrip, Instant now)
    {
        if (_sent is not { } tsn || cumulative.IsBefore(tsn))
        {
            return false;
        }

        _sent = null;
        return _isRepetition && !isProbeDuplicate && now - _sentAt >= shortestRoundTrip;
    }

    /// <summary>Whether <paramref name="tsn"/> is the probe's.</summary>
    public bool IsProbe(Tsn tsn) => _sent == tsn;

    /// <summary>The retransmission timer has expired, or everything begins anew.</summary>
    public void Reset()
    {
        Cancel();
        _sent = null;
    }
}
