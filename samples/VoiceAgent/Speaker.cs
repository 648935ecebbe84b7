using System.Diagnostics;

namespace VoiceAgent;

/// <summary>Plays PCM at the pace at which it is heard, silence where there is none, and can be silenced at once. Safe to use from any thread.</summary>
/// <param name="write">Takes 10 ms.</param>
internal sealed class Speaker(Action<ReadOnlyMemory<short>> write)
{
    // An agent that is faster than speech waits here.
    private static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(1);

    // After a hiccup of the machine it does not hurry for longer than this.
    private const int MaxFramesAtOnce = 5;

    private readonly Queue<short> _samples = new();
    private readonly short[] _frame = new short[Voice.FrameSize];

    /// <summary>How much waits to be heard.</summary>
    public TimeSpan Ahead
    {
        get
        {
            lock (_samples)
            {
                return Voice.ToDuration(_samples.Count);
            }
        }
    }

    /// <summary>The level of what was heard last, in dB below full scale.</summary>
    public double Level { get; private set; } = -100;

    /// <summary>The first 10 ms after a silence are out.</summary>
    public event Action? Began;

    /// <summary>Adds PCM to what is to be heard, and waits while there is enough.</summary>
    public async Task PlayAsync(ReadOnlyMemory<short> samples, CancellationToken cancellationToken)
    {
        while (!samples.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = samples[..Math.Min(samples.Length, 10 * Voice.FrameSize)];
            samples = samples[piece.Length..];
            lock (_samples)
            {
                foreach (short sample in piece.Span)
                {
                    _samples.Enqueue(sample);
                }
            }

            while (Ahead > MaxAhead)
            {
                await Task.Delay(Voice.FrameDuration, cancellationToken);
            }
        }
    }

    /// <summary>Waits until everything is out.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (Ahead > TimeSpan.Zero)
        {
            await Task.Delay(Voice.FrameDuration, cancellationToken);
        }
    }

    /// <summary>Forgets what is to be heard.</summary>
    public void Silence()
    {
        lock (_samples)
        {
            _samples.Clear();
        }
    }

    /// <summary>Speaks until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Voice.FrameDuration);
        long begun = Stopwatch.GetTimestamp();
        long frames = 0;
        bool wasSilent = true;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                long due = Stopwatch.GetElapsedTime(begun).Ticks / Voice.FrameDuration.Ticks;
                frames = Math.Max(frames, due - MaxFramesAtOnce);
                for (; frames < due; frames++)
                {
                    bool isSilent = !TryTake();
                    Level = isSilent ? -100 : Voice.Level(_frame);
                    write(_frame);
                    if (wasSilent && !isSilent)
                    {
                        Began?.Invoke();
                    }

                    wasSilent = isSilent;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
    }

    private bool TryTake()
    {
        lock (_samples)
        {
            bool isAnything = _samples.Count > 0;
            for (int i = 0; i < _frame.Length; i++)
            {
                _frame[i] = _samples.TryDequeue(out short sample) ? sample : (short)0;
            }

            return isAnything;
        }
    }
}
