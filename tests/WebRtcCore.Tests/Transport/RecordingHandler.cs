using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

/// <summary>Notes what a loop does to it, and fails the test if two calls overlap.</summary>
internal sealed class RecordingHandler : IConnectionLoopHandler
{
    private int _inside;

    public List<string> Calls { get; } = [];

    public List<int> Threads { get; } = [];

    public Instant? NextTimeout { get; set; }

    public Action<byte[]> OnReceived { get; set; } = static _ => { };

    public Action<Instant> OnExpired { get; set; } = static _ => { };

    public Action OnFlushed { get; set; } = static () => { };

    public bool HasOverlapped { get; private set; }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        var bytes = datagram.ToArray();
        Inside($"datagram {bytes.FirstOrDefault()}", () => OnReceived(bytes));
    }

    public void OnTimeout(Instant now) => Inside("timeout", () =>
    {
        NextTimeout = null;
        OnExpired(now);
    });

    public void Flush(Instant now) => Inside("flush", OnFlushed);

    public void Inside(string call, Action action)
    {
        HasOverlapped |= Interlocked.Increment(ref _inside) != 1;
        Calls.Add(call);
        Threads.Add(Environment.CurrentManagedThreadId);
        try
        {
            action();
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
