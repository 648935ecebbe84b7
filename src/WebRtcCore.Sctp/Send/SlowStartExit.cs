namespace WebRtcCore.Sctp.Send;

/// <summary>
/// HyStart++ (RFC 9406): ends slow start when round-trip times grow from one round to the next, before the bottleneck's queue overflows. A few rounds of slower
/// growth find out whether the growth was real.
/// </summary>
internal struct SlowStartExit
{
    // RFC 9406 4.3.
    private const int LeastSamples = 8;
    private const int ConservativeRounds = 5;
    private const int ConservativeDivisor = 4;
    private static readonly TimeSpan LeastThreshold = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan MostThreshold = TimeSpan.FromMilliseconds(16);
    private TimeSpan _lastRound;
    private TimeSpan _thisRound;
    private TimeSpan _baseline;
    private int _samples;
    private int _conservativeRounds;

    /// <summary>What the window's growth is to be divided by: 1, or more while it is found out whether a queue has begun to build.</summary>
    public readonly int GrowthDivisor => _baseline == TimeSpan.Zero ? 1 : ConservativeDivisor;

    /// <summary>Takes an acknowledgement during slow start.</summary>
    /// <returns>Whether slow start is over.</returns>
    public bool OnAcknowledged(in Acknowledgement acknowledgement)
    {
        if (acknowledgement.Sample is { } sample)
        {
            _samples++;
            _thisRound = _thisRound == TimeSpan.Zero || sample < _thisRound ? sample : _thisRound;
        }

        if (_samples >= LeastSamples && _baseline == TimeSpan.Zero && _lastRound > TimeSpan.Zero)
        {
            var threshold = _lastRound / 8;
            threshold = threshold < LeastThreshold ? LeastThreshold : threshold > MostThreshold ? MostThreshold : threshold;
            _baseline = _thisRound >= _lastRound + threshold ? _thisRound : TimeSpan.Zero;
        }
        else if (_samples >= LeastSamples && _thisRound < _baseline)
        {
            // It was noise: slow start goes on.
            _baseline = TimeSpan.Zero;
            _conservativeRounds = 0;
        }

        if (!acknowledgement.IsRoundOver)
        {
            return false;
        }

        _lastRound = _thisRound;
        _thisRound = TimeSpan.Zero;
        _samples = 0;
        return _baseline != TimeSpan.Zero && ++_conservativeRounds > ConservativeRounds;
    }
}
