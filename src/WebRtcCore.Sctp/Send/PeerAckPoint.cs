using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// RFC 3758 3.5: "Advanced.Peer.Ack.Point", how far the peer may be moved on without anything that is still wanted, and what is to be said about it. Looks at the
/// fragments, changes none.
/// </summary>
internal sealed class PeerAckPoint
{
    private readonly OutstandingRing _ring;

    /// <summary>Creates the point of a queue of which everything up to <paramref name="cumulative"/> is acknowledged.</summary>
    public PeerAckPoint(OutstandingRing ring, Tsn cumulative)
    {
        _ring = ring;
        Value = cumulative;
    }

    /// <summary>The point.</summary>
    public Tsn Value { get; private set; }

    /// <summary>Moves the point past what is given up; the next new fragment will be <paramref name="next"/>.</summary>
    public void Update(Tsn next)
    {
        while (Value.Next != next && _ring[Value.Next].State == OutstandingState.Abandoned)
        {
            Value = Value.Next;
        }
    }

    /// <summary>Takes the peer's cumulative acknowledgement: the point is never behind it.</summary>
    public void OnCumulative(Tsn cumulative, Tsn next)
    {
        if (Value.IsBefore(cumulative))
        {
            Value = cumulative;
        }

        Update(next);
    }

    /// <summary>RFC 3758 3.5 C2: the streams concerned by what is given up, each with its last message.</summary>
    /// <param name="cumulative">What the peer has acknowledged.</param>
    /// <param name="streams">The place for them.</param>
    /// <param name="withUnordered">Whether unordered messages are listed too (RFC 8260, 2.3.1).</param>
    /// <param name="covered">The last TSN covered, before <see cref="Value"/> if there was no room.</param>
    /// <returns>How many were written.</returns>
    public int GetStreams(Tsn cumulative, Span<SkippedMessages> streams, bool withUnordered, out Tsn covered)
    {
        var count = 0;
        covered = cumulative;
        for (var tsn = cumulative.Next; !tsn.IsAfter(Value); tsn = tsn.Next)
        {
            if (_ring[tsn].Message is { } message && (withUnordered || !message.IsUnordered) && !TryNote(streams, ref count, message))
            {
                break;
            }

            covered = tsn;
        }

        return count;
    }

    private static bool TryNote(Span<SkippedMessages> streams, ref int count, OutgoingMessage message)
    {
        var note = new SkippedMessages(message.Stream.Id, message.IsUnordered, message.MessageId);
        for (var i = 0; i < count; i++)
        {
            if (streams[i].StreamId == note.StreamId && streams[i].IsUnordered == note.IsUnordered)
            {
                streams[i] = note;
                return true;
            }
        }

        if (count == streams.Length)
        {
            return false;
        }

        streams[count++] = note;
        return true;
    }
}
