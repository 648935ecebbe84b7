using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;

namespace WebRtcCore;

/// <summary>
/// Runs the actions of one connection's public side one after another: on the given synchronization context, or on the thread pool.
/// A state change and the events it causes are one action, so handlers see the state that their event is about.
/// </summary>
internal sealed class ApiDispatcher(SynchronizationContext? context, ILogger logger)
{
    private readonly Queue<Action> _actions = new();
    private bool _running;
    private long _posted;

    /// <summary>How many actions there have been; for tests.</summary>
    internal long Posted => Volatile.Read(ref _posted);

    /// <summary>Whether nothing is running or waiting; for tests.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_actions)
            {
                return !_running;
            }
        }
    }

    /// <summary>Queues <paramref name="action"/>. What it throws is logged and harms no other action.</summary>
    public void Post(Action action)
    {
        lock (_actions)
        {
            _actions.Enqueue(action);
            _posted++;
            if (_running)
            {
                return;
            }

            _running = true;
        }

        Schedule();
    }

    /// <summary>Queues <paramref name="action"/>; the task completes after it, and fails with what it throws.</summary>
    public Task InvokeAsync(Action action)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                action();
                completion.SetResult();
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }

    private void Schedule()
    {
        if (context is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static dispatcher => dispatcher.Drain(), this, preferLocal: false);
        }
        else
        {
            context.Post(static dispatcher => ((ApiDispatcher)dispatcher!).Drain(), this);
        }
    }

    private void Drain()
    {
        while (true)
        {
            Action action;
            lock (_actions)
            {
                if (!_actions.TryDequeue(out var next))
                {
                    _running = false;
                    return;
                }

                action = next;
            }

            try
            {
                action();
            }
            catch (Exception exception)
            {
                // A user's handler threw: the others must still be called.
                Log.HandlerFailed(logger, exception);
            }
        }
    }
}
