namespace WebRtcCore.Sctp.Send;

/// <summary>Round-trip time and retransmission timeout (RFC 9260, 6.3.1).</summary>
internal sealed class RttEstimator
{
    // Peers may hold a lone SACK back for 200 ms (RFC 9260 6.2); a timeout must not fire because of that, however steady the path is.
    private static readonly TimeSpan LeastVariance = TimeSpan.FromMilliseconds(200);
    private readonly TimeSpan _least;
    private readonly TimeSpan _most;
    private TimeSpan _variation;
    private int _backOff;
    private TimeSpan _base;

    /// <summary>Creates an estimator without measurement.</summary>
    public RttEstimator(SctpOptions options)
    {
        _least = options.MinRetransmissionTimeout;
        _most = options.MaxRetransmissionTimeout;
        _base = options.InitialRetransmissionTimeout;
    }

    /// <summary>The smoothed round-trip time.</summary>
    public TimeSpan? Smoothed { get; private set; }

    /// <summary>The shortest measurement on this path.</summary>
    public TimeSpan? Shortest { get; private set; }

    /// <summary>The present retransmission timeout, back-off included.</summary>
    public TimeSpan Timeout
    {
        get
        {
            var timeout = _base;
            for (var i = 0; i < _backOff && timeout < _most; i++)
            {
                timeout *= 2;
            }

            return timeout < _most ? timeout : _most;
        }
    }

    /// <summary>Takes a measurement; it ends the back-off.</summary>
    public void OnMeasured(TimeSpan sample)
    {
        Shortest = Shortest < sample ? Shortest : sample;
        if (Smoothed is { } smoothed)
        {
            _variation = (_variation * 0.75) + ((smoothed - sample).Duration() * 0.25);
            Smoothed = (smoothed * 0.875) + (sample * 0.125);
        }
        else
        {
            Smoothed = sample;
            _variation = sample / 2;
        }

        SetBase();
    }

    /// <summary>Takes an estimate from another protocol on the same path, unless there is an own measurement.</summary>
    public void OnHint(TimeSpan roundTripTime)
    {
        if (Smoothed is null && roundTripTime > TimeSpan.Zero)
        {
            _base = Clamp(roundTripTime + LeastVariance);
        }
    }

    /// <summary>The path is another one: the next measurement counts as the first, and there is no back-off until then.</summary>
    public void OnPathChanged()
    {
        Smoothed = null;
        Shortest = null;
        _backOff = 0;
    }

    /// <summary>RFC 9260 6.3.3 E2: the timeout doubles.</summary>
    public void OnTimeout() => _backOff = Math.Min(_backOff + 1, 30);

    /// <summary>The peer has answered: no further back-off.</summary>
    public void OnProgress() => _backOff = 0;

    private void SetBase()
    {
        var margin = _variation * 4;
        _base = Clamp(Smoothed!.Value + (margin > LeastVariance ? margin : LeastVariance));
        _backOff = 0;
    }

    private TimeSpan Clamp(TimeSpan timeout) => timeout < _least ? _least : timeout > _most ? _most : timeout;
}
