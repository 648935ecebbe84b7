using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

/// <summary>Keeps the datagrams of an endpoint; the task completes when enough have come.</summary>
internal sealed class CollectingSink(int expected) : IDatagramSink
{
    private readonly TaskCompletionSource _complete = Signals.New();

    public List<(byte[] Bytes, NetworkPath Path)> Received { get; } = [];

    public Task Complete => _complete.Task;

    public Action<int> OnReceived { get; init; } = static _ => { };

    public int Batches { get; private set; }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path)
    {
        Received.Add((datagram.ToArray(), path));
        OnReceived(Received.Count);
    }

    public void OnBatchEnd()
    {
        Batches++;
        if (Received.Count >= expected)
        {
            _complete.TrySetResult();
        }
    }
}
