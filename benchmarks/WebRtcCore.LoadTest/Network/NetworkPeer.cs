using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Testing;

namespace WebRtcCore.LoadTest.Network;

/// <summary>An association at an end of the virtual network.</summary>
internal sealed class NetworkPeer(int seed, SctpOptions options) : IVirtualNode
{
    public SctpAssociation Association { get; } = new(options, new SeededRandomSource(seed));

    /// <summary>Bytes of messages received.</summary>
    public long Received { get; private set; }

    /// <summary>Sees each message received, with the time.</summary>
    public Action<ReadOnlyMemory<byte>, Instant>? OnMessage { get; set; }

    /// <summary>Fills the send queue; called whenever the association has been given something.</summary>
    public Action<Instant>? OnTurn { get; set; }

    /// <summary>When <see cref="OnTurn"/> wants to be called at the latest.</summary>
    public Instant? NextTurn { get; set; }

    public Instant? NextTimeout => Instant.Earliest(Association.NextTimeout, NextTurn);

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now) => Association.HandleDatagram(datagram, now);

    public void HandleTimeout(Instant now) => Association.HandleTimeout(now);

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => Association.TryPollTransmit(destination, out transmit);

    public void DrainEvents(Instant now)
    {
        while (Association.TryPollEvent(out var e))
        {
            if (e.Message is { } message)
            {
                Received += message.Length;
                OnMessage?.Invoke(message.Memory, now);
                Association.ReleaseReceiveCredit(message.Length, now);
                message.Dispose();
            }
        }

        OnTurn?.Invoke(now);
    }
}
