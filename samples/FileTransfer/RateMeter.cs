using System.Diagnostics;

namespace FileTransfer;

/// <summary>The rate of a growing number over the last few seconds.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(4);

    private readonly Queue<(long Timestamp, long Value)> _samples = [];

    /// <summary>Takes a sample, and returns the growth per second since the oldest one that still counts.</summary>
    public double Measure(long value)
    {
        long now = Stopwatch.GetTimestamp();
        _samples.Enqueue((now, value));
        while (Stopwatch.GetElapsedTime(_samples.Peek().Timestamp, now) > Span)
        {
            _samples.Dequeue();
        }

        var (oldest, from) = _samples.Peek();
        double seconds = Stopwatch.GetElapsedTime(oldest, now).TotalSeconds;
        return seconds > 0 ? Math.Max(0, (value - from) / seconds) : 0;
    }
}
