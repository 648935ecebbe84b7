using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>What the virtual network needs of a host: the verbs that every core has. Wrap a core in a <see cref="VirtualNode"/> or implement it.</summary>
public interface IVirtualNode
{
    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see langword="null"/> if nothing is pending.</summary>
    Instant? NextTimeout { get; }

    /// <summary>Takes a datagram; the bytes are borrowed and may be changed in place.</summary>
    void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now);

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    void HandleTimeout(Instant now);

    /// <summary>Asks for the next datagram to send. One without a path goes along the host's default path.</summary>
    bool TryPollTransmit(Span<byte> destination, out Transmit transmit);

    /// <summary>Takes the core's events; called after every handle and before transmits are polled. May issue commands.</summary>
    void DrainEvents(Instant now)
    {
    }
}
