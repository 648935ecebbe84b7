using System.Collections.Concurrent;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Virtual;

/// <summary>A socket whose datagrams travel over a virtual network: what is sent waits here until the network takes it.</summary>
internal sealed class VirtualSocket(TransportAddress local) : IDatagramSocket
{
    private readonly ConcurrentQueue<(byte[] Datagram, TransmitKind Kind, TransportAddress Remote)> _sent = new();
    private IDatagramSink? _sink;

    public TransportAddress LocalAddress { get; } = local;

    public void Start(IDatagramSink sink) => _sink = sink;

    public bool Send(ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        _sent.Enqueue((datagram.ToArray(), TransmitKind.Normal, remote));
        return true;
    }

    /// <summary>The largest datagram that the host's own link carries without being cut.</summary>
    public int LinkLimit { get; set; } = int.MaxValue;

    public SendOutcome SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in TransportAddress remote)
    {
        if (kind == TransmitKind.Probe && datagram.Length > LinkLimit)
        {
            return SendOutcome.TooLarge;
        }

        _sent.Enqueue((datagram.ToArray(), kind, remote));
        return SendOutcome.Sent;
    }

    public bool TakeTooLarge() => false;

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

    public bool TryTakeSent(out byte[] datagram, out Transmit transmit)
    {
        var taken = _sent.TryDequeue(out var entry);
        datagram = taken ? entry.Datagram : [];
        transmit = taken ? new Transmit(datagram.Length, new NetworkPath(LocalAddress, entry.Remote)) { Kind = entry.Kind } : default;
        return taken;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
