using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// Loss by time (RFC 8985, 6): a fragment is lost when something sent after it has arrived and the path's reordering cannot explain the delay any more. Knows the
/// latest transmission that has arrived and how much reordering to allow for; the fragments are <see cref="RetransmissionQueue"/>'s.
/// </summary>
internal sealed class RackDetector
{
    // RFC 8985 6.2: as with counted reports, three that have arrived out of order make up for a reordering window.
    private const int ReportsForLoss = 3;

    // RFC 8985 6.2, step 4: a window that was too small stays wide for this many recoveries.
    private const int RecoveriesWide = 16;
    private Instant _latestSentAt;
    private Tsn _latestTsn;
    private Tsn _highest;
    private Tsn? _wideningRound;
    private TimeSpan _roundTripTime;
    private bool _hasArrivals;
    private int _multiplier = 1;
    private int _recoveriesLeft;

    /// <summary>Creates a detector for a queue whose first TSN comes after <paramref name="cumulative"/>.</summary>
    public RackDetector(Tsn cumulative) => _highest = cumulative;

    /// <summary>The shortest round-trip time seen on the path.</summary>
    public TimeSpan Minimum { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Whether the path has been seen to reorder.</summary>
    public bool IsReorderingSeen { get; private set; }

    /// <summary>Takes a fragment that is acknowledged for the first time.</summary>
    public void OnAcknowledged(Tsn tsn, Instant sentAt, bool isRetransmitted, Instant now)
    {
        var sample = now - sentAt;
        if (tsn.IsAfter(_highest))
        {
            _highest = tsn;
        }
        else if (!isRetransmitted && tsn != _highest)
        {
            // Something sent later was reported earlier.
            IsReorderingSeen = true;
        }

        if (isRetransmitted && sample < Minimum)
        {
            // It is the first transmission that has arrived, late.
            return;
        }

        Minimum = !isRetransmitted && sample < Minimum ? sample : Minimum;
        _roundTripTime = sample;
        if (!_hasArrivals || IsSentAfter(sentAt, tsn, _latestSentAt, _latestTsn))
        {
            _hasArrivals = true;
            _latestSentAt = sentAt;
            _latestTsn = tsn;
        }
    }

    /// <summary>Takes note of a cumulative acknowledgement that came with nothing out of order: fragments acknowledged by it are in order.</summary>
    public void OnDuplicatesReported(Tsn cumulative, Tsn next)
    {
        // RFC 8985 6.2, step 4: something was sent again in vain; once a round the window grows by a step.
        if (_wideningRound is { } end && cumulative.IsBefore(end))
        {
            return;
        }

        _wideningRound = next;
        _multiplier++;
        _recoveriesLeft = RecoveriesWide;
    }

    /// <summary>Takes the end of a recovery.</summary>
    public void OnRecoveryEnd()
    {
        if (_recoveriesLeft > 0 && --_recoveriesLeft == 0)
        {
            _multiplier = 1;
        }
    }

    /// <summary>How much later than the round-trip time a fragment may be reported.</summary>
    public TimeSpan GetReorderingWindow(int reportedOutOfOrder, bool isInRecovery, TimeSpan? smoothed)
    {
        if ((!IsReorderingSeen && (isInRecovery || reportedOutOfOrder >= ReportsForLoss)) || Minimum == TimeSpan.MaxValue)
        {
            return TimeSpan.Zero;
        }

        var window = Minimum / 4 * _multiplier;
        return smoothed is { } most && window > most ? most : window;
    }

    /// <summary>Whether something sent after this fragment has arrived; then it is lost at <paramref name="lostAt"/>.</summary>
    public bool IsOvertaken(Tsn tsn, Instant sentAt, TimeSpan reorderingWindow, out Instant lostAt)
    {
        lostAt = sentAt + _roundTripTime + reorderingWindow;
        return _hasArrivals && IsSentAfter(_latestSentAt, _latestTsn, sentAt, tsn);
    }

    /// <summary>When a fragment is overdue whatever has arrived (RFC 8985, 6.3: what a timeout takes for lost).</summary>
    public Instant GetOverdue(Instant sentAt, TimeSpan reorderingWindow) => sentAt + _roundTripTime + reorderingWindow;

    /// <summary>The path is another one.</summary>
    public void OnPathChanged()
    {
        Minimum = TimeSpan.MaxValue;
        IsReorderingSeen = false;
        _multiplier = 1;
        _recoveriesLeft = 0;
    }

    private static bool IsSentAfter(Instant sentAt, Tsn tsn, Instant otherSentAt, Tsn other) =>
        sentAt > otherSentAt || (sentAt == otherSentAt && tsn.IsAfter(other));
}
