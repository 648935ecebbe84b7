using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>An <see cref="ILoopCommand"/> whose outcome can be awaited.</summary>
internal sealed class ActionCommand<T>(Func<Instant, T> function) : ILoopCommand
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the function's result or exception; fails with <see cref="ObjectDisposedException"/> if the loop stops before.</summary>
    public Task<T> Task => _completion.Task;

    /// <inheritdoc/>
    public void Execute(Instant now)
    {
        try
        {
            _completion.TrySetResult(function(now));
        }
        catch (Exception exception)
        {
            // The failure belongs to whoever asked, not to the loop.
            _completion.TrySetException(exception);
        }
    }

    /// <inheritdoc/>
    public void Abandon() => _completion.TrySetException(new ObjectDisposedException(nameof(ConnectionLoop)));
}
