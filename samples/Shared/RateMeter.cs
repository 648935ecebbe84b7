using System.Diagnostics;

namespace Measuring;

/// <summary>The rate of a growing number over a span of time, for several askers.</summary>
internal sealed class RateMeter(TimeSpan span)
{
    private readonly Queue<(long Timestamp, long Value)> _samples = [];

    /// <summary>Takes a sample, and returns the growth per second since the oldest one that still counts.</summary>
    public double Measure(long value)
    {
        lock (_samples)
        {
            long now = Stopwatch.GetTimestamp();
            if (_samples.TryPeek(out var oldest) && value < oldest.Value)
            {
                // Another count has begun.
                _samples.Clear();
            }

            _samples.Enqueue((now, value));
            while (Stopwatch.GetElapsedTime(_samples.Peek().Timestamp, now) > span)
            {
                _samples.Dequeue();
            }

            oldest = _samples.Peek();
            double seconds = Stopwatch.GetElapsedTime(oldest.Timestamp, now).TotalSeconds;
            return seconds > 0 ? (value - oldest.Value) / seconds : 0;
        }
    }
}
