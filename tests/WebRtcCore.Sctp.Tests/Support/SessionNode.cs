using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Support;

/// <summary>A data channel session as a host of the virtual network; it collects what happens.</summary>
internal sealed class SessionNode : IVirtualNode
{
    public SessionNode(int seed, DataChannelSessionOptions? options = null) =>
        Session = new DataChannelSession(options ?? new DataChannelSessionOptions(), new SeededRandomSource(seed));

    public DataChannelSession Session { get; }

    public List<DataChannelEvent> Events { get; } = [];

    public List<(DataChannelId Channel, DataChannelMessageKind Kind, byte[] Bytes)> Messages { get; } = [];

    public Action<DataChannelEvent, Instant>? OnEvent { get; set; }

    public Instant? NextTimeout => Session.NextTimeout;

    public IEnumerable<DataChannelId> Incoming => Events.Where(e => e.Kind == DataChannelEventKind.ChannelIncoming).Select(e => e.Channel);

    public IEnumerable<string> Texts => Messages.Where(m => m.Kind == DataChannelMessageKind.Text).Select(m => Encoding.UTF8.GetString(m.Bytes));

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now) => Session.HandleDatagram(datagram, now);

    public void HandleTimeout(Instant now) => Session.HandleTimeout(now);

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => Session.TryPollTransmit(destination, out transmit);

    public int Count(DataChannelEventKind kind) => Events.Count(e => e.Kind == kind);

    public DataChannelEvent? Find(DataChannelEventKind kind, DataChannelId channel)
    {
        foreach (var e in Events)
        {
            if (e.Kind == kind && e.Channel == channel)
            {
                return e;
            }
        }

        return null;
    }

    public void DrainEvents(Instant now)
    {
        while (Session.TryPollEvent(out var e))
        {
            if (e.Message is { } message)
            {
                Messages.Add((e.Channel, e.MessageKind, message.Span.ToArray()));
                message.Dispose();
            }

            Events.Add(e);
            OnEvent?.Invoke(e, now);
        }
    }
}
