namespace WebRtcCore.Testing;

/// <summary>Counts allocated bytes, for the budgets of hot paths.</summary>
public static class Allocations
{
    /// <summary>
    /// Bytes allocated by the current thread per call of <paramref name="action"/>, after a warm-up of the same number of calls.
    /// Rounded down, so that a rare growth of a queue does not count; pass more iterations for a stricter answer.
    /// </summary>
    public static long Measure(Action action, int iterations = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        Repeat(action, iterations);

        // The least of three runs: tiered compilation may allocate on this thread once.
        var least = long.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(action, iterations);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / iterations;
    }

    private static void Repeat(Action action, int iterations)
    {
        for (var i = 0; i < iterations; i++)
        {
            action();
        }
    }
}
