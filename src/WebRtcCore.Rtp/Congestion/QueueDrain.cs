using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Empties the queue that a sudden loss of bandwidth has left on the path: after a decrease, while packets still take much longer than the
/// shortest time seen, less is sent for a moment. A queue that does not empty is another flow's, and is left alone for a while.
/// </summary>
internal sealed class QueueDrain
{
    private const double DrainShare = 0.6;
    private static readonly TimeSpan LongQueue = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortQueue = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BaseWindow = TimeSpan.FromSeconds(10);

    // The shortest way of this window and of the one before, in ticks; the clocks' distance is in it and falls out of the difference.
    private long _shortest = long.MaxValue;
    private long _previousShortest = long.MaxValue;
    private Instant? _windowStarted;
    private Instant? _started;
    private Instant? _ended;

    /// <summary>What the target is multiplied with.</summary>
    public double Share => _started is null ? 1 : DrainShare;

    /// <summary>Takes in feedback.</summary>
    /// <param name="packets">The packets.</param>
    /// <param name="isOverused">Whether the path is overused.</param>
    /// <param name="now">The time.</param>
    public void OnFeedback(ReadOnlySpan<PacketFeedback> packets, bool isOverused, Instant now)
    {
        var current = long.MaxValue;
        foreach (ref readonly var packet in packets)
        {
            if (packet.Arrived is { } arrived)
            {
                current = Math.Min(current, arrived.Ticks - packet.Sent.Ticks);
            }
        }

        if (current == long.MaxValue)
        {
            return;
        }

        if (_windowStarted is not { } windowStarted || now - windowStarted >= BaseWindow)
        {
            _previousShortest = _shortest;
            _shortest = long.MaxValue;
            _windowStarted = now;
        }

        _shortest = Math.Min(_shortest, current);
        var queue = TimeSpan.FromTicks(current - Math.Min(_shortest, _previousShortest));
        if (_started is { } started)
        {
            if (queue < ShortQueue || now - started >= MaxDrain)
            {
                _started = null;
                _ended = now;
            }
        }
        else if (isOverused && queue > LongQueue && (_ended is not { } ended || now - ended >= Pause))
        {
            _started = now;
        }
    }
}
