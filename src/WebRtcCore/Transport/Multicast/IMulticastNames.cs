using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Multicast;

/// <summary>Finds and gives <c>.local</c> names: those of the process (<see cref="MulticastNames"/>), or others in tests. Thread-safe.</summary>
internal interface IMulticastNames
{
    /// <summary>Asks for the address of a name.</summary>
    /// <param name="name">One label and <c>.local</c>.</param>
    /// <param name="locals">Addresses of this machine: asked is on their interfaces.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The address, without a port; none if nobody answers in time.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<TransportAddress> ResolveAsync(string name, IReadOnlyList<TransportAddress> locals, CancellationToken cancellationToken);

    /// <summary>Makes up a name for an address of this machine, and answers for it until it is withdrawn.</summary>
    /// <returns>The name, or <see langword="null"/> if nobody can ask for it: its interface has no multicast, or another program keeps the port for itself.</returns>
    string? Publish(TransportAddress address);

    /// <summary>Answers for a name no more.</summary>
    void Withdraw(string name);
}
