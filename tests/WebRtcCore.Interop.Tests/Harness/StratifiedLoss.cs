namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>
/// Independent losses whose number is no chance: of each 1 / rate datagrams in a row exactly one is lost, wherever the seed puts it among them. So a test knows how much
/// is lost by the time that so much has been carried, and the pattern is irregular still: two in a row happen, and nearly twice 1 / rate without any.
/// </summary>
internal sealed class StratifiedLoss(Random random)
{
    // 20 / 0.05 is to be 400, and not the next number.
    private const double Rounding = 1e-9;

    private double _rate;
    private long _position;
    private long _strata;
    private long _end;
    private long _lost;

    /// <summary>Whether the next datagram is lost. Another rate than before begins anew.</summary>
    /// <param name="rate">The share that is lost, 0 to 1.</param>
    public bool TakesNext(double rate)
    {
        if (rate != _rate)
        {
            (_rate, _position, _strata, _end) = (rate, 0, 0, 0);
        }

        if (rate <= 0)
        {
            return false;
        }

        if (_position == _end)
        {
            long start = _end;
            _end = (long)Math.Ceiling((++_strata / rate) - Rounding);
            _lost = random.NextInt64(start, _end);
        }

        return _position++ == _lost;
    }
}
