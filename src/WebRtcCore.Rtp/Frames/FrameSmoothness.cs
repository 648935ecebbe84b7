using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Frames;

/// <summary>Freezes and pauses in the row of frames that leave, as W3C webrtc-stats defines them.</summary>
internal struct FrameSmoothness
{
    private const int Neighbours = 30;
    private static readonly TimeSpan MinFreeze = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(5);

    private Instant? _last;
    private double _mean;
    private int _count;

    /// <summary>Freezes: a frame that came later than its neighbours by three times, or 150 ms.</summary>
    public long FreezeCount { get; private set; }

    /// <summary>Their length.</summary>
    public TimeSpan TotalFreezesDuration { get; private set; }

    /// <summary>Pauses: more than 5 s.</summary>
    public long PauseCount { get; private set; }

    /// <summary>Their length.</summary>
    public TimeSpan TotalPausesDuration { get; private set; }

    /// <summary>The sum of the times between frames.</summary>
    public TimeSpan TotalInterFrameDelay { get; private set; }

    /// <summary>The sum of their squares, in seconds squared.</summary>
    public double TotalSquaredInterFrameDelay { get; private set; }

    /// <summary>A frame leaves.</summary>
    public void OnFrame(Instant now)
    {
        if (_last is not { } last)
        {
            _last = now;
            return;
        }

        var delay = now - last;
        _last = now;
        TotalInterFrameDelay += delay;
        TotalSquaredInterFrameDelay += delay.TotalSeconds * delay.TotalSeconds;
        if (delay > MinPause)
        {
            PauseCount++;
            TotalPausesDuration += delay;
            return;
        }

        var mean = TimeSpan.FromSeconds(_mean);
        if (_count > 0 && delay >= (mean * 3 > mean + MinFreeze ? mean * 3 : mean + MinFreeze))
        {
            FreezeCount++;
            TotalFreezesDuration += delay;
        }

        _count = Math.Min(_count + 1, Neighbours);
        _mean += (delay.TotalSeconds - _mean) / _count;
    }
}
