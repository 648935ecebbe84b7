using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// The fragments sent and not yet acknowledged cumulatively: a ring indexed by TSN, without allocation per fragment. It knows what is in flight, what is
/// lost, and what is given up (RFC 3758, 3.5).
/// </summary>
internal sealed class RetransmissionQueue
{
    /// <summary>The most fragments outstanding: a little less than a gap block can express.</summary>
    public const int MaxOutstanding = 60_000;

    // RFC 9260 7.2.4: three reports make a loss.
    private const int MissesForLoss = 3;

    // RFC 9260 7.2.4: by reports, a fragment is retransmitted once.
    private const byte NotByReports = byte.MaxValue;

    // A report of so many blocks may have been cut off to fit its packet: what lies beyond is unknown.
    private const int MaxCompleteGaps = 100;
    private readonly SendQueue _queue;
    private readonly LossDetection _detection;
    private readonly OutstandingRing _ring = new();
    private readonly TsnBitmap _acknowledged;
    private readonly PeerAckPoint _peerPoint;
    private readonly PathMtuDiscovery _path;
    private Tsn _highestAcknowledged;
    private Tsn _firstLost;
    private int _lostCount;
    private int _outOfOrder;

    /// <summary>Creates an empty queue whose first TSN will be <paramref name="initialTsn"/>.</summary>
    public RetransmissionQueue(SendQueue queue, Tsn initialTsn, PathMtuDiscovery path, LossDetection detection = LossDetection.Time)
    {
        _queue = queue;
        _path = path;
        _detection = detection;
        _acknowledged = new TsnBitmap(_ring.Capacity);
        Rack = new RackDetector(initialTsn.Previous);
        Next = initialTsn;
        Cumulative = initialTsn.Previous;
        _peerPoint = new PeerAckPoint(_ring, Cumulative);
        _highestAcknowledged = Cumulative;
    }

    /// <summary>The TSN that the next new fragment gets.</summary>
    public Tsn Next { get; private set; }

    /// <summary>Everything up to here is acknowledged.</summary>
    public Tsn Cumulative { get; private set; }

    /// <summary>How far the peer may be moved on past what was given up.</summary>
    public PeerAckPoint PeerPoint => _peerPoint;

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

    /// <summary>What is known of the path's reordering.</summary>
    public RackDetector Rack { get; }

    /// <summary>Fragments acknowledged while one before them is not.</summary>
    public int OutOfOrder => _outOfOrder;

    /// <summary>When a fragment that was overtaken is lost unless it is reported by then.</summary>
    public Instant? ReorderingDeadline { get; private set; }

    /// <summary>Whether messages may be given up: the peer understands FORWARD TSN.</summary>
    public bool MayAbandon { get; set; }

    /// <summary>Appends a fragment that is being sent for the first time and returns its TSN.</summary>
    /// <param name="message">Its message.</param>
    /// <param name="offset">Where it begins in the message.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="flags">The flags of its chunk.</param>
    /// <param name="packetLength">How far into its packet it reaches; see <see cref="PathMtuDiscovery.OnDelivered"/>.</param>
    /// <param name="now">The present.</param>
    public Tsn Append(OutgoingMessage message, int offset, int length, byte flags, ushort packetLength, Instant now)
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
            PacketLength = packetLength,
            SentAt = now,
            Transmissions = 1,
            Flags = flags,
            State = OutstandingState.InFlight,
        };
        message.OutstandingFragments++;
        Depart(Next.Previous);
        return Next.Previous;
    }

    /// <summary>Takes a SACK. What it means for fragments not reported is found out by <see cref="DetectLost"/>.</summary>
    /// <returns><see langword="false"/> if it is older than one seen before, or acknowledges what was never sent; nothing has changed then.</returns>
    public bool OnSack(in SackChunk sack, Instant now, out SackOutcome outcome)
    {
        outcome = default;
        if (sack.CumulativeTsn.IsBefore(Cumulative) || !sack.CumulativeTsn.IsBefore(Next) || !sack.HasSaneGaps(Next.DistanceFrom(sack.CumulativeTsn) - 1))
        {
            return false;
        }

        OnCumulative(sack.CumulativeTsn, now, ref outcome);
        if (sack.GapCount > 0 || _highestAcknowledged.IsAfter(Cumulative))
        {
            var newest = OnGaps(sack, now, ref outcome);
            if (_detection == LossDetection.ThreeReports && newest.IsAfter(Cumulative))
            {
                CountMisses(newest, now, ref outcome);
            }
        }

        return true;
    }

    /// <summary>RFC 8985 6.2, step 5: finds the fragments that were overtaken long enough ago.</summary>
    /// <returns>Whether there were any.</returns>
    public bool DetectLost(bool isInRecovery, TimeSpan? smoothed, Instant now)
    {
        ReorderingDeadline = null;
        var found = false;
        if (_detection != LossDetection.Time)
        {
            return found;
        }

        var window = Rack.GetReorderingWindow(_outOfOrder, isInRecovery, smoothed);
        while (_ring.Listed > 0 && Rack.IsOvertaken(_ring.Oldest, _ring[_ring.Oldest].SentAt, window, out var lostAt))
        {
            if (lostAt > now)
            {
                ReorderingDeadline = lostAt;
                break;
            }

            MarkLost(_ring.Oldest, now);
            found = true;
        }

        if (found)
        {
            _peerPoint.Update(Next);
        }

        return found;
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

    /// <summary>RFC 9260 6.3.3: the timer has expired; everything in flight that could have been acknowledged by now is taken for lost, and the first in any case.</summary>
    public void OnTimeout(Instant now)
    {
        ReorderingDeadline = null;
        if (Count > 0 && Slot(Cumulative.Next).State == OutstandingState.Acknowledged)
        {
            // A receiver that kept this one would have acknowledged it cumulatively: it has thrown away what it reported.
            RenegeAll();
        }

        if (Count > 0 && Slot(Cumulative.Next).State == OutstandingState.InFlight)
        {
            MarkLost(Cumulative.Next, now);
        }

        while (_ring.Listed > 0
            && (_detection != LossDetection.Time || Rack.GetOverdue(_ring[_ring.Oldest].SentAt, TimeSpan.Zero) <= now))
        {
            MarkLost(_ring.Oldest, now);
        }

        _peerPoint.Update(Next);
    }

    /// <summary>The fragment to repeat as a tail-loss probe: the one sent last, if it is still worth sending.</summary>
    public bool TryPeekNewest(Instant now, out Tsn tsn)
    {
        tsn = _ring.Newest;
        return _ring.Listed > 0 && !(MayAbandon && Slot(tsn).Message!.MayNotRepeat(Slot(tsn).Transmissions, now));
    }

    /// <summary>Notes that a fragment in flight has been sent once more.</summary>
    public void OnRepeated(Tsn tsn, ushort packetLength, Instant now)
    {
        ref var chunk = ref Slot(tsn);
        _ring.Unlist(tsn);
        chunk.SentAt = now;
        chunk.PacketLength = packetLength;
        chunk.Transmissions++;
        _ring.List(tsn);
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
    public void OnRetransmitted(Tsn tsn, ushort packetLength, Instant now)
    {
        ref var chunk = ref Slot(tsn);
        chunk.SentAt = now;
        chunk.PacketLength = packetLength;
        chunk.Transmissions++;

        // RFC 9260 7.2.4 leaves a second loss to the timer. Deviation: by time it is found like the first (RFC 8985).
        chunk.Misses = NotByReports;
        _lostCount--;
        chunk.State = OutstandingState.InFlight;
        Depart(tsn);
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
                if (chunk.State == OutstandingState.InFlight)
                {
                    Arrive(tsn);
                }

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
        _peerPoint.Update(Next);
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
        _peerPoint.OnCumulative(Cumulative, Next);
        _highestAcknowledged = Cumulative;
        _ring.ClearList();
        _acknowledged.Clear();
        ReorderingDeadline = null;
        BytesInFlight = 0;
        _lostCount = 0;
        _outOfOrder = 0;
    }

    private void OnCumulative(Tsn cumulative, Instant now, ref SackOutcome outcome)
    {
        while (Cumulative.IsBefore(cumulative))
        {
            Cumulative = Cumulative.Next;
            outcome.HasAdvanced = true;
            ref var chunk = ref Slot(Cumulative);
            if (chunk.State == OutstandingState.Acknowledged)
            {
                _outOfOrder--;
            }

            Acknowledge(Cumulative, now, ref outcome);
            Release(chunk.Message);
            _acknowledged.Remove(Cumulative);
            chunk = default;
        }

        if (_highestAcknowledged.IsBefore(Cumulative))
        {
            _highestAcknowledged = Cumulative;
        }

        _peerPoint.OnCumulative(Cumulative, Next);
    }

    // Returns the highest TSN acknowledged for the first time by a gap block; or, during the search, the cumulative one.
    private Tsn OnGaps(in SackChunk sack, Instant now, ref SackOutcome outcome)
    {
        var newest = outcome.HasAdvanced ? Cumulative : Cumulative.Previous;
        var reach = Cumulative + (sack.GapCount == 0 ? 0 : sack.GetGap(sack.GapCount - 1).End);

        // One that reaches less far may have been overtaken on its way; it takes nothing back.
        var mayRenege = !reach.IsBefore(_highestAcknowledged) && sack.GapCount <= MaxCompleteGaps;
        var tsn = Cumulative.Next;
        for (var i = 0; i < sack.GapCount; i++)
        {
            var (start, end) = sack.GetGap(i);
            var first = Cumulative + start;
            for (; mayRenege && _acknowledged.TryFind(tsn, first.Previous, isIn: true, out tsn); tsn = tsn.Next)
            {
                CountReneged(tsn);
            }

            var last = Cumulative + end;
            for (tsn = first; _acknowledged.TryFind(tsn, last, isIn: false, out tsn); tsn = tsn.Next)
            {
                _acknowledged.Add(tsn);
                if (Acknowledge(tsn, now, ref outcome))
                {
                    newest = tsn;
                    _outOfOrder++;
                }
            }

            tsn = last.Next;
        }

        _highestAcknowledged = reach.IsAfter(_highestAcknowledged) ? reach : _highestAcknowledged;
        return newest;
    }

    // Returns whether it is news.
    private bool Acknowledge(Tsn tsn, Instant now, ref SackOutcome outcome)
    {
        ref var chunk = ref Slot(tsn);
        switch (chunk.State)
        {
            case OutstandingState.InFlight:
                Arrive(tsn);
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
        chunk.Misses = 0;
        outcome.AcknowledgedBytes += chunk.Length;
        _path.OnDelivered(chunk.PacketLength, chunk.SentAt, now);
        Rack.OnAcknowledged(tsn, chunk.SentAt, isRetransmitted: chunk.Transmissions > 1, now);
        if (chunk.Transmissions == 1)
        {
            // RFC 9260 6.3.1 C5 (Karn's rule): what was sent twice measures nothing.
            outcome.RoundTripTime = now - chunk.SentAt;
        }

        return true;
    }

    // RFC 9260 6.2.1: a receiver may throw away what it acknowledged in a gap block only; each report without it counts as a miss.
    private void CountReneged(Tsn tsn)
    {
        ref var chunk = ref Slot(tsn);
        if (chunk.State == OutstandingState.Acknowledged && ++chunk.Misses >= MissesForLoss)
        {
            Renege(tsn);
        }
    }

    private void RenegeAll()
    {
        for (var tsn = Cumulative.Next; _acknowledged.TryFind(tsn, _highestAcknowledged, isIn: true, out tsn); tsn = tsn.Next)
        {
            if (Slot(tsn).State == OutstandingState.Acknowledged)
            {
                Renege(tsn);
            }
        }

        _highestAcknowledged = Cumulative;
    }

    private void Renege(Tsn tsn)
    {
        ref var chunk = ref Slot(tsn);
        _acknowledged.Remove(tsn);
        _outOfOrder--;
        chunk.State = OutstandingState.InFlight;
        chunk.Misses = 0;
        if (_ring.Listed > 0)
        {
            chunk.SentAt = Instant.Min(chunk.SentAt, _ring[_ring.Oldest].SentAt);
        }

        _ring.ListOldest(tsn);
        BytesInFlight += chunk.Length;
    }

    private void Depart(Tsn tsn)
    {
        BytesInFlight += Slot(tsn).Length;
        _ring.List(tsn);
    }

    private void Arrive(Tsn tsn)
    {
        BytesInFlight -= Slot(tsn).Length;
        _ring.Unlist(tsn);
    }

    // RFC 9260 7.2.4: only TSNs below the highest one newly acknowledged are counted as missing.
    private void CountMisses(Tsn newest, Instant now, ref SackOutcome outcome)
    {
        for (var tsn = Cumulative.Next; tsn.IsBefore(newest); tsn = tsn.Next)
        {
            ref var chunk = ref Slot(tsn);
            if (chunk.State != OutstandingState.InFlight || chunk.Misses == NotByReports)
            {
                continue;
            }

            if (++chunk.Misses >= MissesForLoss)
            {
                MarkLost(tsn, now);
                outcome.HasLoss = true;
            }
        }

        _peerPoint.Update(Next);
    }

    private void MarkLost(Tsn tsn, Instant now)
    {
        ref var chunk = ref Slot(tsn);
        _path.OnLost(chunk.PacketLength, chunk.SentAt);
        if (MayAbandon && chunk.Message!.MayNotRepeat(chunk.Transmissions, now))
        {
            Abandon(chunk.Message);
            return;
        }

        Arrive(tsn);
        chunk.State = OutstandingState.Lost;
        if (_lostCount == 0 || tsn.IsBefore(_firstLost))
        {
            _firstLost = tsn;
        }

        _lostCount++;
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
        if (Count + 1 >= _ring.Capacity)
        {
            _ring.Grow(Cumulative.Next, Next);
            _acknowledged.Grow(_ring.Capacity, Cumulative.Next, Next);
        }

        var tsn = Next;
        Next = Next.Next;
        return ref Slot(tsn);
    }

    private ref OutstandingChunk Slot(Tsn tsn) => ref _ring[tsn];
}
