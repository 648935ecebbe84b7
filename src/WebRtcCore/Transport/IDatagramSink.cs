using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>Who gets the datagrams of a <see cref="UdpEndpoint"/>. Called by its receive loop only.</summary>
internal interface IDatagramSink
{
    /// <summary>Takes a datagram; the bytes are borrowed and may be changed in place. Does not throw.</summary>
    void OnDatagram(Span<byte> datagram, in NetworkPath path);

    /// <summary>Says that no more is at hand: the time to act on what has come. Does not throw.</summary>
    void OnBatchEnd();
}
