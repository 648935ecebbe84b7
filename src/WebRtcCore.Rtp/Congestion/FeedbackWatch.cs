using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Lowers the rate while packets go out and no feedback comes back: the path may be gone, and whatever is left of it is not to be flooded.
/// Works only once feedback has come at all, because some peers agree to it and send none.
/// </summary>
internal sealed class FeedbackWatch
{
    private const double Factor = 0.5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private Instant? _lastFeedback;
    private Instant? _sentSince;
    private Instant _lowered;

    /// <summary>What the target is multiplied with, 0 to 1.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>Feedback has come.</summary>
    public void OnFeedback(Instant now)
    {
        _lastFeedback = now;
        _sentSince = null;
        Share = 1;
    }

    /// <summary>A packet goes out.</summary>
    public void OnSent(Instant now)
    {
        if (_lastFeedback is null)
        {
            return;
        }

        if (_sentSince is not { } since)
        {
            _sentSince = now;
            _lowered = now;
        }
        else if (now - since >= Patience && now - _lowered >= Interval)
        {
            _lowered = now;
            Share *= Factor;
        }
    }
}
