using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Whether the application sends clearly less than it may: then the feedback says nothing about the path's limit, and only probes do.
/// A budget fills at 65 % of the target and is spent by what is sent; a full one means limited, with hysteresis.
/// </summary>
internal sealed class ApplicationLimit
{
    private const double Share = 0.65;
    private const double StartLevel = 0.8;
    private const double StopLevel = 0.5;
    private const double WindowSeconds = 0.5;

    private double _bytes;
    private Instant? _updated;

    /// <summary>Since when the application has been the limit, or <see langword="null"/>.</summary>
    public Instant? LimitedSince { get; private set; }

    /// <summary>Takes in a packet.</summary>
    public void OnSent(int length, long targetBps, Instant now)
    {
        var rate = targetBps * Share / 8;
        var max = rate * WindowSeconds;
        if (_updated is { } updated)
        {
            _bytes += rate * (now - updated).TotalSeconds;
        }

        _updated = now;
        _bytes = Math.Clamp(_bytes - length, -max, max);
        if (_bytes > StartLevel * max)
        {
            LimitedSince ??= now;
        }
        else if (_bytes < StopLevel * max)
        {
            LimitedSince = null;
        }
    }
}
