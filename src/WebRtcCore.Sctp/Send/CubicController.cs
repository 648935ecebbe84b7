using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// CUBIC (RFC 9438): after a loss the window returns along a cubic curve of time to where it was, stays there for a while, then looks for more; it is never
/// below what a NewReno flow of the same path would have.
/// </summary>
internal sealed class CubicController : ICongestionController
{
    // RFC 9438 5: growth in packets per cubed second, and what is left of the window after a loss.
    private const double Growth = 0.4;
    private const double Beta = 0.7;

    // RFC 9438 4.3: the growth per round that makes a flow with this beta as fast as NewReno on average.
    private const double FriendlyAlpha = 3 * (1 - Beta) / (1 + Beta);

    // RFC 9260 7.2.3.
    private const int LeastPackets = 4;

    // What is left of the window after a loss that no queue explains.
    private const double RandomLossBeta = 0.9;
    private static readonly TimeSpan LeastQueue = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostQueue = TimeSpan.FromMilliseconds(16);
    private readonly int _initialPackets;
    private int _packetSize;
    private SlowStartExit _exit;
    private double _window;
    private double _threshold;
    private double _peak;
    private double _prior;
    private double _friendly;
    private double _timeToPeak;
    private TimeSpan _shortest;
    private TimeSpan _recent;
    private Instant? _epoch;
    private Instant? _unusedSince;

    /// <summary>Starts in slow start.</summary>
    public CubicController(int packetSize, int initialPackets)
    {
        _packetSize = packetSize;
        _initialPackets = initialPackets;
        Restart();
    }

    /// <inheritdoc/>
    public long Window => (long)(_window * PacketSize);

    /// <inheritdoc/>
    public long SlowStartThreshold => _threshold == double.MaxValue ? long.MaxValue : (long)(_threshold * PacketSize);

    /// <inheritdoc/>
    public int PacketSize
    {
        get => _packetSize;
        set
        {
            if (value != _packetSize)
            {
                Rescale((double)_packetSize / value);
                _packetSize = value;
            }
        }
    }

    private double InitialWindow => (double)InitialCongestionWindow.Get(_packetSize, _initialPackets) / _packetSize;

    /// <inheritdoc/>
    public void OnAcknowledged(in Acknowledgement acknowledgement)
    {
        if (acknowledgement.Sample is { } sample)
        {
            _recent = _recent == TimeSpan.Zero ? sample : (_recent * 0.75) + (sample * 0.25);
            _shortest = _shortest == TimeSpan.Zero || sample < _shortest ? sample : _shortest;
        }

        if (!acknowledgement.WasLimiting)
        {
            // RFC 9438 5.8: time in which the window was not used does not count.
            _unusedSince ??= acknowledgement.Now;
            return;
        }

        if (_unusedSince is { } since)
        {
            _epoch += acknowledgement.Now - since;
            _unusedSince = null;
        }

        var packets = (double)acknowledgement.Bytes / PacketSize;
        if (_window < _threshold)
        {
            GrowInSlowStart(acknowledgement, packets);
        }
        else
        {
            GrowInAvoidance(acknowledgement, packets);
        }
    }

    /// <inheritdoc/>
    public void OnLoss(Instant now)
    {
        if (HasQueue)
        {
            Reduce();
        }
        else
        {
            // Deviation: RFC 9438 4.6 takes 0.7 for every loss. Where round trips show no queue, the loss is the link's and not the flow's doing, or the queue is
            // a short one: 0.9, near what RFC 8511 has for short queues, and the growth of NewReno from there on.
            _peak = _window;
            _threshold = Math.Max(_window * RandomLossBeta, LeastPackets);
            _prior = 0;
            _epoch = null;
        }

        _window = _threshold;
    }

    /// <inheritdoc/>
    public void OnTimeout(Instant now)
    {
        Reduce();
        _window = 1;
    }

    /// <inheritdoc/>
    public void OnIdle()
    {
        // RFC 9260 7.2.1: what was learned about the path grows old.
        _threshold = Math.Max(_threshold, _window * 0.75);
        _window = Math.Max(_window / 2, InitialWindow);
        _epoch = null;
    }

    /// <inheritdoc/>
    public void Restart()
    {
        _window = InitialWindow;
        _threshold = double.MaxValue;
        _peak = 0;
        _prior = 0;
        _shortest = TimeSpan.Zero;
        _recent = TimeSpan.Zero;
        _epoch = null;
        _unusedSince = null;
        _exit = default;
    }

    private bool HasQueue
    {
        get
        {
            var most = _shortest / 8;
            most = most < LeastQueue ? LeastQueue : most > MostQueue ? MostQueue : most;
            return _recent - _shortest >= most || _shortest == TimeSpan.Zero;
        }
    }

    private void GrowInSlowStart(in Acknowledgement acknowledgement, double packets)
    {
        // The RFC's limit on what one acknowledgement may add is for paced or ACK-clocked senders; a SACK here may stand for a batch.
        _window += Math.Min(packets, NewRenoController.MostPacketsPerSack) / _exit.GrowthDivisor;
        if (_threshold == double.MaxValue && _exit.OnAcknowledged(acknowledgement))
        {
            _threshold = _window;
        }
    }

    // RFC 9438 4.2 to 4.5.
    private void GrowInAvoidance(in Acknowledgement acknowledgement, double packets)
    {
        _epoch ??= BeginEpoch(acknowledgement.Now);
        var elapsed = (acknowledgement.Now - _epoch.Value).TotalSeconds;

        // Once the friendly estimate is where the window was, it grows like NewReno itself.
        _friendly += (_friendly < _prior ? FriendlyAlpha : 1) * packets / _window;
        if (Curve(elapsed) < _friendly)
        {
            _window = Math.Max(_window, _friendly);
            return;
        }

        var target = Math.Clamp(Curve(elapsed + acknowledgement.Smoothed.TotalSeconds), _window, 1.5 * _window);
        _window += (target - _window) / _window * packets;
    }

    private Instant BeginEpoch(Instant now)
    {
        // RFC 9438 4.2 and 4.8: without a loss to return from, as after slow start or a timeout, the curve begins at its inflection.
        _peak = Math.Max(_peak, _window);
        _timeToPeak = Math.Cbrt((_peak - _window) / Growth);
        _friendly = _window;
        return now;
    }

    private double Curve(double seconds)
    {
        var offset = seconds - _timeToPeak;
        return (Growth * offset * offset * offset) + _peak;
    }

    // Everything here is counted in packets; the bytes stay what they are.
    private void Rescale(double factor)
    {
        _window = Math.Max(_window * factor, 1);
        _threshold = _threshold == double.MaxValue ? _threshold : _threshold * factor;
        _peak *= factor;
        _prior *= factor;
        _friendly *= factor;
        if (_epoch is not null)
        {
            _timeToPeak = Math.Cbrt(Math.Max(0, _peak - _prior) / Growth);
        }
    }

    private void Reduce()
    {
        // RFC 9438 4.7: a flow that lost before it was back leaves room for others.
        _peak = _window < _peak ? _window * (1 + Beta) / 2 : _window;
        _prior = _window;
        _threshold = Math.Max(_window * Beta, LeastPackets);
        _epoch = null;
        _unusedSince = null;
    }
}
