using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// The logical thread of one connection: datagrams, commands and timeouts, one after another, without a thread of its own.
/// <para>
/// A turn is: items of the inbox (a bounded number), the timeout if due, <see cref="IConnectionLoopHandler.Flush"/>, the timer. Whoever finds the loop idle
/// may take the turn where it stands: the receive loop does, so that a datagram needs no hop between threads. Whoever finds it busy leaves a copy in the inbox.
/// </para>
/// <code>
///  Idle --TryEnter / item posted--> Running --Leave: inbox empty--> Idle
///                                      |  ^---Leave: more to do---> (thread pool) Running
///                                      '--Leave after StopAsync---> Stopped
/// </code>
/// </summary>
internal sealed class ConnectionLoop : IDatagramSink, IThreadPoolWorkItem, IAsyncDisposable
{
    private const int MaxItemsPerTurn = 64;
    private const int MaxImmediateTimeouts = 1000;
    private static readonly TimeSpan RepeatDelay = TimeSpan.FromMilliseconds(10);

    private readonly IConnectionLoopHandler _handler;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly int _inboxCapacity;
    private readonly LoopTimer _timer;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly LoopInbox _inbox;
    private bool _isRunning;
    private long _turns;
    private bool _isTimeoutDue;
    private bool _isStopping;
    private bool _isFullLogged;
    private TaskCompletionSource? _stopped;

    // Of the running turn.
    private volatile int _thread;
    private int _immediateTimeouts;

    /// <summary>Creates an idle loop.</summary>
    public ConnectionLoop(IConnectionLoopHandler handler, MonotonicClock clock, ILogger logger, int inboxCapacity = 1024)
    {
        _handler = handler;
        _clock = clock;
        _logger = logger;
        _inboxCapacity = inboxCapacity;
        _inbox = new LoopInbox(inboxCapacity);
        _timer = new LoopTimer(clock, OnTimer);
    }

    /// <summary>Whether the caller is inside a turn of this loop.</summary>
    public bool IsOnLoop => _thread == Environment.CurrentManagedThreadId;

    /// <summary>The inbox as a sink: for receive loops that serve many connections, and must not be held up by one. Takes no turn; copies.</summary>
    public IDatagramSink Inbox => field ??= new InboxSink(this);

    /// <summary>Datagrams dropped because the inbox was full.</summary>
    public long DatagramsDropped { get; private set; }

    /// <summary>Items and flushes that threw.</summary>
    public long Failures { get; private set; }

    /// <summary>Whether no turn is running and nothing waits for one; for tests.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_isRunning && _inbox.Count == 0;
            }
        }
    }

    /// <summary>How many turns have begun; for tests.</summary>
    internal long Turns => Volatile.Read(ref _turns);

    /// <summary>How often the system's timer was set; for tests.</summary>
    internal int TimerChanges => _timer.Changes;

    /// <summary>Fails in Debug builds where the cores are touched from outside the loop.</summary>
    [Conditional("DEBUG")]
    public void AssertOnLoop() => Debug.Assert(IsOnLoop, "Cores are touched on their loop only.");

    /// <summary>
    /// Takes the turn on the caller's thread, if the loop is idle and nothing waits that came before. The caller then uses the cores and calls <see cref="Exit"/>.
    /// </summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_isRunning || _isStopping || _isTimeoutDue || _inbox.Count > 0)
            {
                return false;
            }

            _isRunning = true;
            _turns++;
        }

        _thread = Environment.CurrentManagedThreadId;
        return true;
    }

    /// <summary>Ends a turn begun with <see cref="TryEnter"/>: flushes; what has been posted meanwhile runs on the thread pool.</summary>
    public void Exit() => Leave();

    /// <summary>Queues a command.</summary>
    /// <returns><see langword="false"/> if the loop has stopped: the command will not run and <see cref="ILoopCommand.Abandon"/> is not called.</returns>
    public bool Post(ILoopCommand command)
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return false;
            }

            _inbox.Enqueue(new LoopItem(command));
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
            _turns++;
        }

        Schedule();
        return true;
    }

    /// <summary>Queues an action; allocates.</summary>
    public bool Post(Action<Instant> action) => Post(new PostedAction(action));

    /// <summary>Runs a function on the loop: at once if the caller is on it already.</summary>
    /// <returns>The function's outcome; an <see cref="ObjectDisposedException"/> if the loop has stopped.</returns>
    public Task<T> InvokeAsync<T>(Func<Instant, T> function)
    {
        var command = new ActionCommand<T>(function);
        if (IsOnLoop)
        {
            command.Execute(_clock.Now);
        }
        else if (!Post(command))
        {
            command.Abandon();
        }

        return command.Task;
    }

    /// <summary>Runs an action on the loop: at once if the caller is on it already.</summary>
    public Task InvokeAsync(Action<Instant> action) => InvokeAsync<object?>(now =>
    {
        action(now);
        return null;
    });

    /// <summary>
    /// Stops: what waits is abandoned, nothing more is accepted. The task completes when the last turn is over; after that the handler is never called again.
    /// May be called on the loop, whose turn then is the last.
    /// </summary>
    public Task StopAsync()
    {
        Task stopped;
        lock (_gate)
        {
            _isStopping = true;
            _stopped ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            stopped = _stopped.Task;
            if (_isRunning)
            {
                return stopped;
            }

            _stopped.TrySetResult();
        }

        _timer.Dispose();
        AbandonInbox();
        return stopped;
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    /// <inheritdoc/>
    void IDatagramSink.OnDatagram(Span<byte> datagram, in NetworkPath path)
    {
        // Within a batch the receive loop keeps the turn that its first datagram has taken.
        if (IsOnLoop || TryEnter())
        {
            try
            {
                _handler.OnDatagram(datagram, path, _clock.Now);
            }
            catch (Exception exception)
            {
                OnFailure(exception);
            }

            return;
        }

        Enqueue(datagram, path);
    }

    /// <inheritdoc/>
    void IDatagramSink.OnBatchEnd()
    {
        if (IsOnLoop)
        {
            DrainAndLeave();
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        _thread = Environment.CurrentManagedThreadId;
        DrainAndLeave();
    }

    private void Enqueue(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        var isFirstDrop = false;
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            if (!_inbox.IsFull)
            {
                _inbox.Enqueue(new LoopItem(datagram, path));
                if (_isRunning)
                {
                    return;
                }

                _isRunning = true;
                _turns++;
            }
            else
            {
                DatagramsDropped++;
                isFirstDrop = !_isFullLogged;
                _isFullLogged = true;
                RtcMeter.Dropped(DropReason.InboxFull);
                if (!isFirstDrop)
                {
                    return;
                }
            }
        }

        if (isFirstDrop)
        {
            Log.InboxFull(_logger, _inboxCapacity);
        }
        else
        {
            Schedule();
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _isTimeoutDue = true;
            if (_isRunning || _isStopping)
            {
                return;
            }

            _isRunning = true;
            _turns++;
        }

        // Timers fire on the thread pool: this is as good a place as any.
        _thread = Environment.CurrentManagedThreadId;
        DrainAndLeave();
    }

    private void DrainAndLeave()
    {
        for (var budget = MaxItemsPerTurn; budget > 0 && TryDequeue(out var item); budget--)
        {
            try
            {
                item.Execute(_handler, _clock.Now);
            }
            catch (Exception exception)
            {
                OnFailure(exception);
            }

            item.Release();
        }

        Leave();
    }

    private bool TryDequeue(out LoopItem item)
    {
        lock (_gate)
        {
            item = default;
            return !_isStopping && _inbox.TryDequeue(out item);
        }
    }

    private void Leave()
    {
        var hasMore = FinishTurn();
        _thread = 0;
        lock (_gate)
        {
            if (!_isStopping)
            {
                _isTimeoutDue |= hasMore;
                if (_inbox.Count == 0 && !_isTimeoutDue)
                {
                    _isRunning = false;
                    return;
                }
            }
        }

        if (_isStopping)
        {
            FinishStopping();
        }
        else
        {
            Schedule();
        }
    }

    // Timeouts, flush, timer; whether a timeout is due already again.
    private bool FinishTurn()
    {
        try
        {
            var now = _clock.Now;
            var hadTimeout = false;
            lock (_gate)
            {
                _isTimeoutDue = false;
            }

            if (_handler.NextTimeout <= now && !_isStopping)
            {
                hadTimeout = true;
                _handler.OnTimeout(now);
            }

            _handler.Flush(now);
            return ArmTimer(_handler.NextTimeout, hadTimeout);
        }
        catch (Exception exception)
        {
            OnFailure(exception);

            // Whatever is wrong must neither stop the timers nor spin.
            var now = _clock.Now;
            _timer.Arm(now + RepeatDelay, now);
            return false;
        }
    }

    private bool ArmTimer(Instant? next, bool hadTimeout)
    {
        var now = _clock.Now;
        if (_isStopping)
        {
            return false;
        }

        if (next is null || next > now)
        {
            _immediateTimeouts = 0;
            _timer.Arm(next, now);
            return false;
        }

        if (hadTimeout && ++_immediateTimeouts >= MaxImmediateTimeouts)
        {
            // A core that stays due whatever is done would take a processor for itself.
            _immediateTimeouts = 0;
            Log.TimeoutRepeats(_logger);
            _timer.Arm(now + RepeatDelay, now);
            return false;
        }

        return true;
    }

    private void FinishStopping()
    {
        _timer.Dispose();
        AbandonInbox();
        lock (_gate)
        {
            _isRunning = false;
            _stopped!.TrySetResult();
        }
    }

    private void AbandonInbox()
    {
        while (true)
        {
            LoopItem item;
            lock (_gate)
            {
                if (!_inbox.TryDequeue(out item))
                {
                    return;
                }
            }

            item.Abandon();
        }
    }

    private void OnFailure(Exception exception)
    {
        Failures++;
        Log.LoopItemFailed(_logger, exception);
    }

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private sealed class InboxSink(ConnectionLoop loop) : IDatagramSink
    {
        public void OnDatagram(Span<byte> datagram, in NetworkPath path) => loop.Enqueue(datagram, path);

        public void OnBatchEnd()
        {
            // What is in the inbox has woken the loop.
        }
    }
}
