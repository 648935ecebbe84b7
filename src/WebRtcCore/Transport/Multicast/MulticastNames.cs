using WebRtcCore.Dns;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Multicast;

/// <summary>
/// Multicast DNS for the connections of the process: sockets and a timer around a resolver and a responder. The sockets are open while a name is looked for
/// or answered for, and no longer.
/// </summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="random">For names.</param>
internal sealed class MulticastNames(TimeProvider timeProvider, IRandomSource random) : IMulticastNames, IDatagramSink, IDisposable
{
    // Shared by connections; held for the time of a core's call, never across an await or a user's handler.
    private readonly Lock _gate = new();
    private readonly MonotonicClock _clock = new(timeProvider);
    private readonly MulticastNameResolver _resolver = new();
    private readonly MulticastNameResponder _responder = new();
    private readonly Dictionary<string, List<TaskCompletionSource<TransportAddress>>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] _buffer = new byte[MulticastDns.MaxMessageLength];
    private ITimer? _timer;
    private MulticastSocket? _socket4;
    private MulticastSocket? _socket6;

    /// <summary>The one of the process.</summary>
    public static MulticastNames Shared { get; } = new(TimeProvider.System, SystemRandomSource.Instance);

    /// <summary>Whether sockets are open; for tests.</summary>
    internal bool IsOpen => _socket4 is not null || _socket6 is not null;

    public async Task<TransportAddress> ResolveAsync(string name, IReadOnlyList<TransportAddress> locals, CancellationToken cancellationToken)
    {
        var links = MulticastLink.Find(locals);
        var waiter = new TaskCompletionSource<TransportAddress>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_resolver.TryResolve(name, Open(links, isToAnswer: false), _clock.Now))
            {
                CloseIfIdle();
                return default;
            }

            if (!_waiters.TryGetValue(name, out var waiters))
            {
                _waiters.Add(name, waiters = []);
            }

            waiters.Add(waiter);
            Pump();
        }

        try
        {
            return await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(name, waiter);
        }
    }

    public string? Publish(TransportAddress address)
    {
        var links = MulticastLink.Find([address]);
        var name = DnsName.CreateUnique(random);
        lock (_gate)
        {
            if (_responder.TryPublish(name, address, Open(links, isToAnswer: true)))
            {
                return name;
            }

            CloseIfIdle();
            return null;
        }
    }

    public void Withdraw(string name)
    {
        lock (_gate)
        {
            _responder.Withdraw(name);
            Pump();
        }
    }

    void IDatagramSink.OnDatagram(Span<byte> datagram, in NetworkPath path)
    {
        lock (_gate)
        {
            _resolver.HandleDatagram(datagram, path);
            _responder.HandleDatagram(datagram, path, _clock.Now);
            Pump();
        }
    }

    void IDatagramSink.OnBatchEnd()
    {
        // Every datagram is acted on when it comes.
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _socket4?.Dispose();
            _socket6?.Dispose();
            _timer?.Dispose();
            (_socket4, _socket6, _timer) = (null, null, null);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _resolver.HandleTimeout(_clock.Now);
            _responder.HandleTimeout(_clock.Now);
            Pump();
        }
    }

    private void Leave(string name, TaskCompletionSource<TransportAddress> waiter)
    {
        lock (_gate)
        {
            if (_waiters.TryGetValue(name, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
            {
                _waiters.Remove(name);
                _resolver.Forget(name);
                Pump();
            }
        }
    }

    // The links on which the group can be heard, and where wanted, answered.
    private List<TransportAddress> Open(IReadOnlyList<MulticastLink> links, bool isToAnswer)
    {
        var open = new List<TransportAddress>();
        foreach (var link in links)
        {
            ref var socket = ref link.Local.IsIPv6 ? ref _socket6 : ref _socket4;
            if (socket is null && (socket = MulticastSocket.TryOpen(link.Local.IsIPv6, timeProvider)) is not null)
            {
                socket.Start(this);
            }

            if (socket is not null && (socket.CanAnswer || !isToAnswer) && socket.TryJoin(link))
            {
                open.Add(link.Local);
            }
        }

        return open;
    }

    private void Pump()
    {
        while (_resolver.TryPollTransmit(_buffer, out var transmit) || _responder.TryPollTransmit(_buffer, out transmit))
        {
            var path = transmit.Path!.Value;
            (path.Local.IsIPv6 ? _socket6 : _socket4)?.Send(_buffer.AsSpan(0, transmit.Length), path);
        }

        while (_resolver.TryPollResult(out var result))
        {
            if (_waiters.Remove(result.Name, out var waiters))
            {
                waiters.ForEach(waiter => waiter.TrySetResult(result.Address));
            }
        }

        if (Instant.Earliest(_resolver.NextTimeout, _responder.NextTimeout) is { } next)
        {
            _timer ??= timeProvider.CreateTimer(static state => ((MulticastNames)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // Timers count in milliseconds and may be early: one more, and it is due.
            _timer.Change(next - _clock.Now + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        CloseIfIdle();
    }

    private void CloseIfIdle()
    {
        if (_resolver.Count == 0 && _responder.Count == 0)
        {
            _socket4?.Dispose();
            _socket6?.Dispose();
            (_socket4, _socket6) = (null, null);
        }
    }
}
