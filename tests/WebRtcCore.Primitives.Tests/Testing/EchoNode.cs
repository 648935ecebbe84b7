using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Testing;

/// <summary>Keeps what it gets with the time, answers if told to, and sends what is queued.</summary>
internal sealed class EchoNode : IVirtualNode
{
    private readonly Queue<(byte[] Bytes, NetworkPath? Path)> _queue = new();

    public bool Echoes { get; init; }

    public List<(byte[] Bytes, NetworkPath Path, Instant At)> Received { get; } = [];

    public List<Instant> Timeouts { get; } = [];

    public Instant? NextTimeout { get; set; }

    public void Send(byte[] bytes, NetworkPath? path = null) => _queue.Enqueue((bytes, path));

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        Received.Add((datagram.ToArray(), path, now));
        if (Echoes)
        {
            Send(datagram.ToArray(), path);
        }
    }

    public void HandleTimeout(Instant now)
    {
        Timeouts.Add(now);
        NextTimeout = null;
    }

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!_queue.TryDequeue(out var next))
        {
            return false;
        }

        next.Bytes.CopyTo(destination);
        transmit = new Transmit(next.Bytes.Length, next.Path);
        return true;
    }
}
