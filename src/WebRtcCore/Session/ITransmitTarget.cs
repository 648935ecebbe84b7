using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>Where datagrams go out: the sockets of a connection.</summary>
internal interface ITransmitTarget
{
    /// <summary>Sends one or more datagrams that lie side by side: each is <paramref name="segmentSize"/> bytes long but the last, which may be shorter.</summary>
    void Send(ReadOnlySpan<byte> datagrams, int segmentSize, in NetworkPath path);

    /// <summary>Sends one datagram of a kind of its own.</summary>
    void SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in NetworkPath path);
}
