using System.Numerics;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// The fragments sent and not yet acknowledged cumulatively: a ring indexed by TSN, without allocation per fragment. It knows what is in flight, what is
/// lost, and how far the peer may be moved on past what was given up (RFC 3758, 3.5).
/// </summary>
internal sealed class RetransmissionQueue
{
    /// <summary>The most fragments outstanding: a little less than a gap block can express.</summary>
    public const int MaxOutstanding = 60_000;

    private const int InitialCapacity = 64;

    // RFC 9260 7.2.4: three reports make a loss.
    private const int MissesForLoss = 3;
    private readonly SendQueue _queue;
    private OutstandingChunk[] _ring = new OutstandingChunk[InitialCapacity];
    private Tsn _highestAcknowledged;
    private Tsn _firstLost;
    private int _lostCount;

    /// <summary>Creates an empty queue whose first TSN will be <paramref name="initialTsn"/>.</summary>
    public RetransmissionQueue(SendQueue queue, Tsn initialTsn)
    {
        _queue = queue;
        Next = initialTsn;
        Cumulative = initialTsn.Previous;
        AdvancedPoint = Cumulative;
        _highestAcknowledged = Cumulative;
    }

    /// <summary>The TSN that the next new fragment gets.</summary>
    public Tsn Next { get; private set; }

    /// <summary>Everything up to here is acknowledged.</summary>
    public Tsn Cumulative { get; private set; }

    /// <summary>RFC 3758 3.5: "Advanced.Peer.Ack.Point", how far the peer may move without anything that is still wanted.</summary>
    public Tsn AdvancedPoint { get; private set; }

    /// <summary>Bytes in flight.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>Fragments not acknowledged cumulatively.</summary>
    public int Count => Next.DistanceFrom(Cumulative) - 1;

    /// <summary>Whether fragments wait to be sent again.</summary>
    public bool HasLost => _lostCount > 0;

    /// <summary>Whether another fragment may be appended.</summary>
    public bool HasRoom => Count < MaxOutstanding;

    /// <summary>Messages given up.</summary>
    public long Abandoned { get; private set; }

    /// <summary>Whether messages may be given up: the peer understands FORWARD TSN.</summary>
    public bool MayAbandon { get; set; }

    /// <summary>Appends a fragment that is being sent for the first time and returns its TSN.</summary>
    public Tsn Append(OutgoingMessage message, int offset, int length, byte flags, Instant now)
    {
        message.LastTsn = Next;
        message.FirstTsn = message.FragmentCount == 0 ? Next : message.FirstTsn;
        ref var chunk = ref AppendSlot();
        chunk = new OutstandingChunk
        {
            Message = message,
            Number = message.FragmentCount++,
            Offset = offset,
            Length = length,
            SentAt = now,
            MissableFrom = Next,
            Transmissions = 1,
            Flags = flags,
            State = OutstandingState.InFlight,
        };
        message.OutstandingFragments++;
        BytesInFlight += length;
        return Next.Previous;
    }

    /// <summary>Takes a SACK.</summary>
    /// <returns><see langword="false"/> if it is older than one seen before, or acknowledges what was never sent; nothing has changed then.</returns>
    public bool OnSack(in SackChunk sack, Instant now, out SackOutcome outcome)
    {
        outcome = default;
        if (sack.CumulativeTsn.IsBefore(Cumulative) || !sack.CumulativeTsn.IsBefore(Next) || !AreGapsSane(sack))
        {
            return false;
        }

        OnCumulative(sack.CumulativeTsn, now, ref outcome);
        if (sack.GapCount > 0 || _highestAcknowledged.IsAfter(Cumulative))
        {
            var newest = OnGaps(sack, now, ref outcome);
            if (newest.IsAfter(Cumulative))
            {
                CountMisses(newest, now, ref outcome);
            }
        }

        return true;
    }

    /// <summary>Takes a cumulative acknowledgement alone, as SHUTDOWN has it.</summary>
    public bool OnCumulativeOnly(Tsn cumulative, Instant now, out SackOutcome outcome)
    {
        outcome = default;
        if (!cumulative.IsBefore(Next))
        {
            return false;
        }

        OnCumulative(cumulative, now, ref outcome);
        return true;
    }

    /// <summary>RFC 9260 6.3.3: the timer has expired; everything in flight is taken for lost.</summary>
    public void OnTimeout(Instant now)
    {
        for (var tsn = Cumulative.Next; tsn != Next; tsn = tsn.Next)
        {
            if (Slot(tsn).State == OutstandingState.InFlight)
            {
                MarkLost(tsn, now);
            }
        }

        UpdateAdvancedPoint();
    }

    /// <summary>Finds the first fragment to be sent again; those whose message is no longer worth it are given up on the way.</summary>
    public bool TryPeekLost(Instant now, out Tsn tsn)
    {
        tsn = _firstLost.IsAfter(Cumulative) ? _firstLost : Cumulative.Next;
        for (; _lostCount > 0; tsn = tsn.Next)
        {
            ref var chunk = ref Slot(tsn);
            if (chunk.State != OutstandingState.Lost)
            {
                continue;
            }

            if (MayAbandon && chunk.Message!.IsExpired(now))
            {
                Abandon(chunk.Message);
                continue;
            }

            _firstLost = tsn;
            return true;
        }

        return false;
    }

    /// <summary>What is to be sent for <paramref name="tsn"/>.</summary>
    public ref readonly OutstandingChunk Get(Tsn tsn) => ref Slot(tsn);

    /// <summary>Notes that a lost fragment has been sent again.</summary>
    public void OnRetransmitted(Tsn tsn, Instant now)
    {
        ref var chunk = ref Slot(tsn);
        chunk.State = OutstandingState.InFlight;
        chunk.SentAt = now;
        chunk.Transmissions++;
        chunk.Misses = 0;

        // Deviation: RFC 9260 7.2.4 leaves a second loss to the timer. Here it counts again, but only by TSNs that were sent after the retransmission.
        chunk.MissableFrom = Next;
        _lostCount--;
        BytesInFlight += chunk.Length;
    }

    /// <summary>RFC 3758 3.5 A3: with one fragment its whole message is given up, the fragments not yet sent included.</summary>
    public void Abandon(OutgoingMessage message)
    {
        Abandoned++;
        message.IsAbandoned = true;
        var first = message.FirstTsn.IsAfter(Cumulative) ? message.FirstTsn : Cumulative.Next;
        for (var tsn = first; !tsn.IsAfter(message.LastTsn); tsn = tsn.Next)
        {
            // With I-DATA fragments of other messages lie between.
            ref var chunk = ref Slot(tsn);
            if (chunk.Message == message)
            {
                BytesInFlight -= chunk.State == OutstandingState.InFlight ? chunk.Length : 0;
                _lostCount -= chunk.State == OutstandingState.Lost ? 1 : 0;
                chunk.State = OutstandingState.Abandoned;
            }
        }

        if (!message.IsFullyCut)
        {
            // All fragments sent may have arrived: only a further TSN can tell the peer that the message ends here.
            _queue.DiscardRest(message);
            ref var end = ref AppendSlot();
            end = new OutstandingChunk { Message = message, State = OutstandingState.Abandoned, Flags = DataChunk.EndFlag };
            message.OutstandingFragments++;
        }

        message.ReleaseBytes();
        UpdateAdvancedPoint();
    }

    /// <summary>RFC 3758 3.5 C2: the streams concerned by what is given up, each with its last message.</summary>
    /// <param name="streams">The place for them.</param>
    /// <param name="withUnordered">Whether unordered messages are listed too (RFC 8260, 2.3.1).</param>
    /// <param name="covered">The last TSN covered, before <see cref="AdvancedPoint"/> if there was no room.</param>
    /// <returns>How many were written.</returns>
    public int GetAbandonedStreams(Span<SkippedMessages> streams, bool withUnordered, out Tsn covered)
    {
        var count = 0;
        covered = Cumulative;
        for (var tsn = Cumulative.Next; !tsn.IsAfter(AdvancedPoint); tsn = tsn.Next)
        {
            if (Slot(tsn).Message is { } message && (withUnordered || !message.IsUnordered) && !TryNote(streams, ref count, message))
            {
                break;
            }

            covered = tsn;
        }

        return count;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        for (var tsn = Cumulative.Next; tsn != Next; tsn = tsn.Next)
        {
            Slot(tsn).Message?.ReleaseBytes();
            Slot(tsn) = default;
        }

        Cumulative = Next.Previous;
        AdvancedPoint = Cumulative;
        _highestAcknowledged = Cumulative;
        BytesInFlight = 0;
        _lostCount = 0;
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

    private bool AreGapsSane(in SackChunk sack)
    {
        var previousEnd = 0;
        var reach = Next.DistanceFrom(sack.CumulativeTsn) - 1;
        for (var i = 0; i < sack.GapCount; i++)
        {
            var (start, end) = sack.GetGap(i);
            if (start <= previousEnd || end < start || end > reach)
            {
                return false;
            }

            previousEnd = end;
        }

        return true;
    }

    private void OnCumulative(Tsn cumulative, Instant now, ref SackOutcome outcome)
    {
        while (Cumulative.IsBefore(cumulative))
        {
            Cumulative = Cumulative.Next;
            outcome.HasAdvanced = true;
            ref var chunk = ref Slot(Cumulative);
            Acknowledge(ref chunk, now, ref outcome);
            Release(chunk.Message);
            chunk = default;
        }

        if (AdvancedPoint.IsBefore(Cumulative))
        {
            AdvancedPoint = Cumulative;
        }

        if (_highestAcknowledged.IsBefore(Cumulative))
        {
            _highestAcknowledged = Cumulative;
        }

        UpdateAdvancedPoint();
    }

    // Returns the highest TSN acknowledged for the first time by a gap block; or, during the search, the cumulative one.
    private Tsn OnGaps(in SackChunk sack, Instant now, ref SackOutcome outcome)
    {
        var newest = outcome.HasAdvanced ? Cumulative : Cumulative.Previous;
        var tsn = Cumulative.Next;
        for (var i = 0; i < sack.GapCount; i++)
        {
            var (start, end) = sack.GetGap(i);
            var first = Cumulative + start;
            for (; tsn.IsBefore(first); tsn = tsn.Next)
            {
                Renege(tsn);
            }

            var last = Cumulative + end;
            for (; !tsn.IsAfter(last); tsn = tsn.Next)
            {
                if (Acknowledge(ref Slot(tsn), now, ref outcome))
                {
                    newest = tsn;
                }
            }
        }

        for (; !tsn.IsAfter(_highestAcknowledged); tsn = tsn.Next)
        {
            Renege(tsn);
        }

        var lastGap = sack.GapCount == 0 ? 0 : sack.GetGap(sack.GapCount - 1).End;
        _highestAcknowledged = Cumulative + lastGap;
        return newest;
    }

    // Returns whether it is news.
    private bool Acknowledge(ref OutstandingChunk chunk, Instant now, ref SackOutcome outcome)
    {
        switch (chunk.State)
        {
            case OutstandingState.InFlight:
                BytesInFlight -= chunk.Length;
                break;
            case OutstandingState.Lost:
                _lostCount--;
                break;
            case OutstandingState.Acknowledged:
            case OutstandingState.Abandoned:
            default:
                return false;
        }

        chunk.State = OutstandingState.Acknowledged;
        outcome.AcknowledgedBytes += chunk.Length;
        if (chunk.Transmissions == 1)
        {
            // RFC 9260 6.3.1 C5 (Karn's rule): what was sent twice measures nothing.
            outcome.RoundTripTime = now - chunk.SentAt;
        }

        return true;
    }

    // RFC 9260 6.2.1: a receiver may throw away what it acknowledged in a gap block only.
    private void Renege(Tsn tsn)
    {
        ref var chunk = ref Slot(tsn);
        if (chunk.State == OutstandingState.Acknowledged)
        {
            chunk.State = OutstandingState.InFlight;
            chunk.Misses = 0;
            BytesInFlight += chunk.Length;
        }
    }

    // RFC 9260 7.2.4: only TSNs below the highest one newly acknowledged are counted as missing.
    private void CountMisses(Tsn newest, Instant now, ref SackOutcome outcome)
    {
        for (var tsn = Cumulative.Next; tsn.IsBefore(newest); tsn = tsn.Next)
        {
            ref var chunk = ref Slot(tsn);
            if (chunk.State != OutstandingState.InFlight || newest.IsBefore(chunk.MissableFrom))
            {
                continue;
            }

            if (++chunk.Misses >= MissesForLoss)
            {
                MarkLost(tsn, now);
                outcome.HasLoss = true;
            }
        }

        UpdateAdvancedPoint();
    }

    private void MarkLost(Tsn tsn, Instant now)
    {
        ref var chunk = ref Slot(tsn);
        if (MayAbandon && (chunk.Transmissions > chunk.Message!.MaxRetransmissions || chunk.Message.IsExpired(now)))
        {
            Abandon(chunk.Message);
            return;
        }

        BytesInFlight -= chunk.Length;
        chunk.State = OutstandingState.Lost;
        chunk.Misses = 0;
        if (_lostCount == 0 || tsn.IsBefore(_firstLost))
        {
            _firstLost = tsn;
        }

        _lostCount++;
    }

    private void UpdateAdvancedPoint()
    {
        while (AdvancedPoint.Next != Next && Slot(AdvancedPoint.Next).State == OutstandingState.Abandoned)
        {
            AdvancedPoint = AdvancedPoint.Next;
        }
    }

    private void Release(OutgoingMessage? message)
    {
        if (message is not null && --message.OutstandingFragments == 0 && message.IsFullyCut)
        {
            _queue.Recycle(message);
        }
    }

    private ref OutstandingChunk AppendSlot()
    {
        if (Count + 1 >= _ring.Length)
        {
            Grow();
        }

        var tsn = Next;
        Next = Next.Next;
        return ref Slot(tsn);
    }

    private void Grow()
    {
        var old = _ring;
        _ring = new OutstandingChunk[(int)BitOperations.RoundUpToPowerOf2((uint)old.Length + 1)];
        for (var tsn = Cumulative.Next; tsn != Next; tsn = tsn.Next)
        {
            Slot(tsn) = old[tsn.Value & (uint)(old.Length - 1)];
        }
    }

    private ref OutstandingChunk Slot(Tsn tsn) => ref _ring[tsn.Value & (uint)(_ring.Length - 1)];
}
