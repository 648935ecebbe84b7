using System.Threading.Tasks.Sources;

namespace WebRtcCore;

/// <summary>
/// One wait at a time, used again and again without allocation. The owner calls <see cref="Begin"/> and <see cref="Complete"/> under its lock; what waits
/// must be awaited exactly once.
/// </summary>
/// <param name="gate">The owner's lock; a cancellation takes it too.</param>
internal class PendingWait(Lock gate) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;

    /// <summary>Whether someone waits and is not answered yet; under the lock.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Begins to wait; under the lock.</summary>
    public ValueTask<bool> Begin(CancellationToken cancellationToken)
    {
        _core.Reset();
        IsPending = true;
        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((PendingWait)state!).Cancel(token), this);
        return new ValueTask<bool>(this, _core.Version);
    }

    /// <summary>Ends the wait with an answer, if there is one; under the lock.</summary>
    public void Complete(bool result)
    {
        if (IsPending)
        {
            IsPending = false;
            _core.SetResult(result);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        // A cancellation that is running this very moment must not meet the next wait.
        _registration.Dispose();
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            OnConsumed();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>The wait was cancelled; under the lock.</summary>
    protected virtual void OnCancelled()
    {
    }

    /// <summary>The answer has been taken: the object may be used again.</summary>
    protected virtual void OnConsumed()
    {
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (IsPending)
            {
                IsPending = false;
                OnCancelled();
                _core.SetException(new OperationCanceledException(cancellationToken));
            }
        }
    }
}
