using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Opens and closes the relayed addresses of a <see cref="TurnRelay"/>: its driver's sockets. Called on the relay's thread, and answers at once.</summary>
public interface ITurnRelayPorts
{
    /// <summary>Opens an address that peers can reach, from now on received from.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="parity">What the port must be.</param>
    /// <param name="address">The address.</param>
    /// <returns>Whether it is open, and if not, why.</returns>
    TurnPortResult TryOpen(TurnAddressFamily family, TurnPortParity parity, out TransportAddress address);

    /// <summary>Opens a particular address: the one above an even one that was asked for together.</summary>
    bool TryOpen(TransportAddress address);

    /// <summary>Closes an address: nothing more is received from it.</summary>
    void Close(TransportAddress address);
}
