using System.Runtime.Versioning;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Linux;

/// <summary>
/// Receives for all sockets of a server on one thread, many datagrams per system call and without handing any to another thread: it takes the turns of the
/// server's loop itself. A socket of its own for every allocation would otherwise cost a wake-up and three calls per datagram.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RelayPoller : IAsyncDisposable
{
    private const int MaxSockets = 256;
    private const int MaxMessages = 32;

    // A message may hold as many datagrams as the kernel joins.
    private const int SlotSize = 65_536;

    // After so many datagrams the sink is told to act on them.
    private const int MaxBatch = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Watched> _watched = [];
    private readonly Dictionary<UdpEndpoint, long> _keys = [];
    private readonly IDatagramSink _sink;
    private readonly int _maxDatagramSize;
    private readonly Epoll _epoll;
    private readonly ReceiveSlots _slots = new(MaxMessages, SlotSize);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastKey;
    private volatile bool _isStopping;
    private int _batch;

    private RelayPoller(IDatagramSink sink, int maxDatagramSize, Epoll epoll)
    {
        _sink = sink;
        _maxDatagramSize = maxDatagramSize;
        _epoll = epoll;
        new Thread(Run) { IsBackground = true, Name = "TURN relay" }.Start();
    }

    /// <summary>Starts the thread; <see langword="null"/> where the kernel or a sandbox does not let it.</summary>
    public static RelayPoller? TryStart(IDatagramSink sink, int maxDatagramSize) =>
        Epoll.TryCreate() is { } epoll ? new RelayPoller(sink, maxDatagramSize, epoll) : null;

    /// <summary>Begins to receive for a socket, in place of its own receive loop; <see langword="false"/> if the kernel has no room for another one.</summary>
    public bool TryAdd(UdpEndpoint endpoint)
    {
        lock (_gate)
        {
            var key = ++_lastKey;
            if (!_epoll.TryAdd(endpoint.Handle.DangerousGetHandle(), key))
            {
                return false;
            }

            _watched.Add(key, new Watched(endpoint));
            _keys.Add(endpoint, key);
            return true;
        }
    }

    /// <summary>Forgets a socket, which is about to be closed: the kernel then stops watching it by itself.</summary>
    public void Remove(UdpEndpoint endpoint)
    {
        lock (_gate)
        {
            if (_keys.Remove(endpoint, out var key))
            {
                _watched.Remove(key);
            }
        }
    }

    /// <summary>Ends the thread, and waits for it; the sink is not called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        _epoll.Wake();
        await _ended.Task.ConfigureAwait(false);
        _epoll.Dispose();
    }

    private void Run()
    {
        Span<long> keys = stackalloc long[MaxSockets];
        while (!_isStopping)
        {
            var count = _epoll.Wait(keys);
            for (var i = 0; i < count && !_isStopping; i++)
            {
                if (Find(keys[i]) is { } watched)
                {
                    Receive(watched);
                }
            }

            EndBatch();
        }

        _ended.SetResult();
    }

    private Watched? Find(long key)
    {
        lock (_gate)
        {
            return _watched.GetValueOrDefault(key);
        }
    }

    // One call for a socket; what is left is told again, after the others had their turn.
    private void Receive(Watched watched)
    {
        var endpoint = watched.Endpoint;
        int count;
        try
        {
            count = _slots.Receive(endpoint.Handle, watched.Most);
        }
        catch (ObjectDisposedException)
        {
            // An allocation that has just ended.
            return;
        }

        watched.Learn(count);
        var (datagrams, bytes) = (0, 0L);
        for (var slot = 0; slot < count; slot++)
        {
            bytes += _slots.GetMessage(slot).Length;
            datagrams += Deliver(_slots.GetMessage(slot), _slots.GetSegmentSize(slot), new NetworkPath(endpoint.LocalAddress, LinuxAddress.Read(_slots.GetAddress(slot))));
        }

        endpoint.Count(datagrams, bytes, 0, 0);
        _batch += datagrams;
        if (_batch >= MaxBatch)
        {
            EndBatch();
        }
    }

    private int Deliver(Span<byte> message, int segmentSize, in NetworkPath path)
    {
        for (var datagrams = 1; ; datagrams++)
        {
            var length = Math.Min(segmentSize, message.Length);
            if (length > _maxDatagramSize)
            {
                RtcMeter.Dropped(DropReason.Truncated);
            }
            else if (!path.Remote.IsNone)
            {
                _sink.OnDatagram(message[..length], path);
            }

            if (message.Length <= segmentSize)
            {
                return datagrams;
            }

            message = message[segmentSize..];
        }
    }

    private void EndBatch()
    {
        _batch = 0;
        _sink.OnBatchEnd();
    }

    /// <summary>A socket, and how many messages to ask it for: few where few come, so that the kernel does not look for more in vain.</summary>
    private sealed class Watched(UdpEndpoint endpoint)
    {
        private const int Patience = 4;
        private int _full;

        public UdpEndpoint Endpoint => endpoint;

        public int Most { get; private set; } = 1;

        public void Learn(int count)
        {
            if (count < Most)
            {
                Most = Math.Max(count, 1);
                _full = 0;
            }
            else if (++_full == Patience)
            {
                Most = Math.Min(2 * Most, MaxMessages);
                _full = 0;
            }
        }
    }
}
