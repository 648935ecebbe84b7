using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The packets that the peer has asked for and that are still to be sent again. Bounded in length; what goes out is bounded by the
/// budget, and no packet goes out twice within a round trip, however often it is asked for.
/// </summary>
internal sealed class RetransmissionQueue(RtpSendContext context)
{
    private const int Capacity = 512;
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(5);
    private readonly Queue<Request> _requests = new();

    /// <summary>Packets asked for.</summary>
    public int Count => _requests.Count;

    /// <summary>Whether the next packet belongs to a stream that the pacer does not hold back.</summary>
    public bool IsNextUnpaced => _requests.TryPeek(out var request) && !request.Stream.IsPaced;

    /// <summary>Asks for a packet; a request beyond the queue's bound is refused.</summary>
    public void Add(RtpSendStream stream, ushort sequenceNumber)
    {
        if (_requests.Count == Capacity)
        {
            stream.OnRetransmissionRefused();
            return;
        }

        _requests.Enqueue(new Request(stream, sequenceNumber));
    }

    /// <summary>Writes the next retransmission that is possible.</summary>
    public bool TryWrite(Span<byte> destination, TimeSpan roundTripTime, Instant now, out int length)
    {
        var interval = roundTripTime > MinInterval ? roundTripTime : MinInterval;
        while (_requests.TryDequeue(out var request))
        {
            var stream = request.Stream;
            if (stream.TryFindForRetransmission(request.SequenceNumber, now, interval, out var packet)
                && context.Budget.TrySpend(packet.Length, now)
                && stream.TryWriteRetransmission(destination, packet, now, out length))
            {
                return true;
            }

            stream.OnRetransmissionRefused();
        }

        length = 0;
        return false;
    }

    /// <summary>Forgets a stream's requests.</summary>
    public void Remove(RtpSendStream stream)
    {
        for (var i = _requests.Count; i > 0; i--)
        {
            var request = _requests.Dequeue();
            if (request.Stream != stream)
            {
                _requests.Enqueue(request);
            }
        }
    }

    private readonly record struct Request(RtpSendStream Stream, ushort SequenceNumber);
}
