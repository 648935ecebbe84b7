using System.Diagnostics;

namespace WebRtcCore.Fuzz;

/// <summary>Feeds a target with its seeds and with mutations of them.</summary>
public sealed class FuzzRunner(FuzzTarget target, int seed)
{
    private static readonly TimeSpan TooSlow = TimeSpan.FromSeconds(5);
    private readonly Mutator _mutator = new(seed);

    /// <summary>Inputs fed so far.</summary>
    public long Inputs { get; private set; }

    /// <summary>Feeds every seed as it is, then mutations: at most <paramref name="count"/>, and for <paramref name="duration"/> at most.</summary>
    /// <returns>The first input that failed, if any.</returns>
    public FuzzFailure? Run(int count, TimeSpan duration)
    {
        var seeds = target.Seeds().ToArray();
        foreach (var input in seeds)
        {
            if (Run(input) is { } failure)
            {
                return failure;
            }
        }

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count && clock.Elapsed < duration; i++)
        {
            if (Run(_mutator.Next(seeds)) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>Feeds one input.</summary>
    public FuzzFailure? Run(byte[] input)
    {
        Inputs++;
        var clock = Stopwatch.StartNew();
        try
        {
            target.Run(input);
        }
        catch (Exception exception)
        {
            // Whatever it is, it is what this program looks for.
            return new FuzzFailure(input, exception);
        }

        return clock.Elapsed > TooSlow ? new FuzzFailure(input, new FuzzViolationException($"One input took {clock.Elapsed}.")) : null;
    }
}
