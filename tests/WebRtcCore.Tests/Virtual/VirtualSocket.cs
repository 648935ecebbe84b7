using System.Collections.Concurrent;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Virtual;

/// <summary>A socket whose datagrams travel over a virtual network: what is sent waits here until the network takes it.</summary>
internal sealed class VirtualSocket(TransportAddress local) : IDatagramSocket
{
    private readonly ConcurrentQueue<(byte[] Datagram, TransportAddress Remote)> _sent = new();
    private IDatagramSink? _sink;

    public TransportAddress LocalAddress { get; } = local;

    public void Start(IDatagramSink sink) => _sink = sink;

    public bool Send(ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        _sent.Enqueue((datagram.ToArray(), remote));
        return true;
    }

    public int SendBatch(ReadOnlySpan<byte> datagrams, int segmentSize, in TransportAddress remote)
    {
        var count = 0;
        for (; datagrams.Length > 0; count++)
        {
            var length = Math.Min(segmentSize, datagrams.Length);
            Send(datagrams[..length], remote);
            datagrams = datagrams[length..];
        }

        return count;
    }

    public void Deliver(Span<byte> datagram, in NetworkPath path)
    {
        _sink?.OnDatagram(datagram, path);
        _sink?.OnBatchEnd();
    }

    public bool TryTakeSent(out byte[] datagram, out TransportAddress remote)
    {
        var taken = _sent.TryDequeue(out var entry);
        (datagram, remote) = taken ? entry : ([], default);
        return taken;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
