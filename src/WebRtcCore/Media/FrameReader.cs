using System.Runtime.CompilerServices;

namespace WebRtcCore;

/// <summary>
/// The received frames that the application has not taken yet. The loop adds, one reader at a time takes. A reader that falls behind loses the oldest frames:
/// what is late is worth less than what comes.
/// </summary>
internal sealed class FrameReader
{
    /// <summary>The most frames that wait: some seconds.</summary>
    public const int Capacity = 128;

    /// <summary>The most bytes that wait.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly Queue<EncodedFrame> _frames = new();
    private TaskCompletionSource? _arrival;
    private long _bytes;
    private bool _completed;
    private volatile bool _hasReader;

    /// <summary>Whether someone reads, so that frames are worth assembling.</summary>
    public bool HasReader => _hasReader;

    /// <summary>Frames lost because the reader was slow.</summary>
    public long Dropped { get; private set; }

    /// <summary>Adds a frame; it is dropped if nobody reads.</summary>
    public void Add(EncodedFrame frame)
    {
        TaskCompletionSource? arrival;
        lock (_frames)
        {
            if (_completed || !_hasReader)
            {
                return;
            }

            _frames.Enqueue(frame);
            _bytes += frame.Data.Length;
            while (_frames.Count > Capacity || (_bytes > MaxBytes && _frames.Count > 1))
            {
                _bytes -= _frames.Dequeue().Data.Length;
                Dropped++;
            }

            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    /// <summary>No frame will come any more; those here can still be taken.</summary>
    public void Complete()
    {
        TaskCompletionSource? arrival;
        lock (_frames)
        {
            _completed = true;
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    /// <summary>The frames from the first step of the enumeration on.</summary>
    /// <exception cref="InvalidOperationException">Someone else is reading.</exception>
    public async IAsyncEnumerable<EncodedFrame> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Claim();
        try
        {
            while (await TakeAsync(cancellationToken).ConfigureAwait(false) is { } frame)
            {
                yield return frame;
            }
        }
        finally
        {
            Release();
        }
    }

    private async ValueTask<EncodedFrame?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task arrival;
            lock (_frames)
            {
                if (_frames.TryDequeue(out var frame))
                {
                    _bytes -= frame.Data.Length;
                    return frame;
                }

                if (_completed)
                {
                    return null;
                }

                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Claim()
    {
        lock (_frames)
        {
            if (_hasReader)
            {
                throw new InvalidOperationException("Someone else is reading this receiver's frames.");
            }

            _hasReader = true;
        }
    }

    private void Release()
    {
        lock (_frames)
        {
            _hasReader = false;
            _frames.Clear();
            _bytes = 0;
        }
    }
}
