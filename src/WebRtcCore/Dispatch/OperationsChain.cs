namespace WebRtcCore;

/// <summary>
/// W3C's operations chain (webrtc 4.4.1.2): createOffer, setLocalDescription and their like run one after another, in the order of their calls.
/// </summary>
/// <param name="onEmpty">Called whenever the chain has run dry: negotiation needs are looked at then.</param>
internal sealed class OperationsChain(Action onEmpty)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private int _length;

    /// <summary>Whether no operation is queued or running.</summary>
    public bool IsEmpty => Volatile.Read(ref _length) == 0;

    /// <summary>Adds an operation; the task is the operation's own.</summary>
    public Task<T> EnqueueAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        Task<T> run;
        lock (_gate)
        {
            _length++;
            run = RunAfterAsync(_last, operation, cancellationToken);
            _last = run;
        }

        return run;
    }

    /// <summary>Adds an operation without a result.</summary>
    public Task EnqueueAsync(Func<Task> operation, CancellationToken cancellationToken) =>
        EnqueueAsync<object?>(
            async () =>
            {
                await operation().ConfigureAwait(false);
                return null;
            },
            cancellationToken);

    private async Task<T> RunAfterAsync<T>(Task previous, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        // The one before may have failed; that is its own caller's affair.
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await operation().ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _length) == 0)
            {
                onEmpty();
            }
        }
    }
}
