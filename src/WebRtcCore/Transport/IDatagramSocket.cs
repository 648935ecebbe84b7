using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>A bound socket that carries datagrams: a <see cref="UdpEndpoint"/>, or one of a virtual network in tests.</summary>
internal interface IDatagramSocket : IAsyncDisposable
{
    /// <summary>The bound address, never a wildcard.</summary>
    TransportAddress LocalAddress { get; }

    /// <summary>Begins to receive into <paramref name="sink"/>. Called once.</summary>
    void Start(IDatagramSink sink);

    /// <summary>Sends one datagram without waiting; <see langword="false"/> if the kernel would not take it.</summary>
    bool Send(ReadOnlySpan<byte> datagram, in TransportAddress remote);

    /// <summary>Sends datagrams that lie side by side, each <paramref name="segmentSize"/> bytes long but the last, which may be shorter; answers how many went out.</summary>
    int SendBatch(ReadOnlySpan<byte> datagrams, int segmentSize, in TransportAddress remote);

    /// <summary>Sends one datagram that must not, or may, be cut into fragments on its way.</summary>
    SendOutcome SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in TransportAddress remote);

    /// <summary>Whether since the last call datagrams of <see cref="SendBatch"/> were larger than the system knows the path to carry: it has cut them into fragments.</summary>
    bool TakeTooLarge();
}
