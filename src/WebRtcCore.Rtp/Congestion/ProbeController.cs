using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Decides when to probe: at the start with three and six times the start rate; on with twice of what a probe has found as long as
/// the path carries what is probed; later from time to time while the delay stands still or the application leaves the target unused, so
/// that a path that has become faster is found in seconds.
/// </summary>
internal sealed class ProbeController(CongestionControlOptions options)
{
    private const int MaxPending = 4;
    private const int MinPackets = 5;
    private const double FirstFactor = 3;
    private const double SecondFactor = 6;
    private const double FurtherFactor = 2;
    private const double FurtherThreshold = 0.7;
    private const double PeriodicFactor = 1.5;
    private const double WantedFactor = 2;
    private const double UseFactor = 4;
    private const long MinUseLimitBps = 5_000_000;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan ResultTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    private readonly Queue<ProbeCluster> _pending = new(MaxPending);
    private long _wantedBps = long.MaxValue;
    private long _useLimitBps = long.MaxValue;
    private long _furtherFromBps;
    private Instant? _probed;
    private Instant? _lastOveruse;
    private int _lastId;
    private int _lastChainStart;
    private bool _isStarted;

    /// <summary>Sets what all streams have a use for.</summary>
    public void SetWantedBitrate(long bitrateBps) => _wantedBps = bitrateBps;

    /// <summary>Sets what arrives at the peer: padding is not to find out far more than is really sent.</summary>
    public void SetThroughput(long? bitrateBps) => _useLimitBps = Math.Max(MinUseLimitBps, (long)((bitrateBps ?? 0) * UseFactor));

    /// <summary>Asks for the first probes, once.</summary>
    public void Start(Instant now)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        Probe((long)(options.StartBitrateBps * FirstFactor), now, isChainStart: false);
        Probe((long)(options.StartBitrateBps * SecondFactor), now, isChainStart: false);
    }

    /// <summary>Takes the next probe.</summary>
    public bool TryTake(out ProbeCluster cluster) => _pending.TryDequeue(out cluster);

    /// <summary>The path is overused: no time to probe.</summary>
    public void OnOveruse(Instant now) => _lastOveruse = now;

    /// <summary>
    /// Takes in what a probe has shown. A probe out of the blue that saturates the path says less than the rate found so far: other flows share the queue with
    /// it. Once a probe was carried in full, the path has become faster, and what follows counts in any case.
    /// </summary>
    /// <returns>Whether the result is to be believed.</returns>
    public bool OnResult(in ProbeResult result, Instant now)
    {
        if (result.Cluster == _lastChainStart && result.IsSaturated)
        {
            return false;
        }

        if (_probed is { } probed && now - probed < ResultTimeout && result.BitrateBps > _furtherFromBps)
        {
            Probe((long)(result.BitrateBps * FurtherFactor), now, isChainStart: false);
        }

        return true;
    }

    /// <summary>Looks whether it is time for a probe.</summary>
    /// <param name="targetBps">The target.</param>
    /// <param name="isLossy">Whether losses hold the target down.</param>
    /// <param name="now">The time.</param>
    public void Update(long targetBps, bool isLossy, Instant now)
    {
        if (!_isStarted || isLossy || (_probed is { } probed && now - probed < Interval) || (_lastOveruse is { } overuse && now - overuse < QuietTime))
        {
            return;
        }

        if (targetBps < _useLimitBps)
        {
            Probe((long)(targetBps * PeriodicFactor), now, isChainStart: true);
        }
    }

    private void Probe(long bitrateBps, Instant now, bool isChainStart)
    {
        var wanted = _wantedBps < long.MaxValue / 4 ? (long)(_wantedBps * WantedFactor) : long.MaxValue;
        var limit = Math.Min(options.MaxBitrateBps, Math.Min(wanted, _useLimitBps));
        var isLimited = bitrateBps >= limit;
        bitrateBps = Math.Min(bitrateBps, limit);
        if (_pending.Count == MaxPending || bitrateBps <= 0)
        {
            return;
        }

        _probed = now;

        // At the limit there is nothing further to find out.
        _furtherFromBps = isLimited ? long.MaxValue : (long)(bitrateBps * FurtherThreshold);
        var id = ++_lastId;
        _lastChainStart = isChainStart ? id : _lastChainStart;
        _pending.Enqueue(new ProbeCluster(id, bitrateBps, (int)(bitrateBps / 8 * Duration.TotalSeconds), MinPackets));
    }
}
