using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>An <see cref="IVirtualNode"/> made of delegates: the adapter for any core without a base type in common.</summary>
public sealed class VirtualNode : IVirtualNode
{
    /// <summary>Takes a datagram; by default it is ignored.</summary>
    public DatagramHandler OnDatagram { get; init; } = static (Span<byte> _, in NetworkPath _, Instant _) => { };

    /// <summary>Takes a timeout.</summary>
    public Action<Instant> OnTimeout { get; init; } = static _ => { };

    /// <summary>Gives a datagram; by default there is none.</summary>
    public TransmitPoller OnPoll { get; init; } = static (Span<byte> _, out Transmit transmit) =>
    {
        transmit = default;
        return false;
    };

    /// <summary>Takes the core's events.</summary>
    public Action<Instant> OnEvents { get; init; } = static _ => { };

    /// <summary>Gives the next timeout.</summary>
    public Func<Instant?> OnNextTimeout { get; init; } = static () => null;

    /// <inheritdoc/>
    public Instant? NextTimeout => OnNextTimeout();

    /// <inheritdoc/>
    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now) => OnDatagram(datagram, in path, now);

    /// <inheritdoc/>
    public void HandleTimeout(Instant now) => OnTimeout(now);

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => OnPoll(destination, out transmit);

    /// <inheritdoc/>
    public void DrainEvents(Instant now) => OnEvents(now);
}
