using System.Numerics;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>
/// Puts messages together (RFC 9260, 6.5, 6.6, 6.9). Fragments of a message have consecutive TSNs, so that a ring indexed by TSN finds the message that a
/// fragment continues; ordered messages then wait for their turn in their stream. Bounded by the receive buffer and by the reach of the TSN tracker.
/// </summary>
internal sealed class ReassemblyQueue
{
    private const int InitialSlots = 64;
    private const int FirstGuess = 4096;
    private readonly Dictionary<ushort, IncomingStream> _streams = [];
    private readonly Stack<MessageAssembly> _spare = new();
    private readonly ReceiveBudget _budget;
    private readonly int _maxMessageSize;
    private readonly Queue<ReceivedMessage> _completed;
    private FragmentSlot[] _slots = new FragmentSlot[InitialSlots];
    private int _occupied;
    private IncomingStream? _lastStream;
    private ushort _lastStreamId;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="budget">Told of everything held, completed messages included.</param>
    /// <param name="completed">Where complete messages go, in the order of delivery.</param>
    /// <param name="maxMessageSize">A larger message is dropped but keeps its place in the order.</param>
    public ReassemblyQueue(ReceiveBudget budget, Queue<ReceivedMessage> completed, int maxMessageSize)
    {
        _budget = budget;
        _completed = completed;
        _maxMessageSize = maxMessageSize;
    }

    /// <summary>Takes a chunk whose TSN is new and after <paramref name="cumulative"/> as it was before the chunk.</summary>
    /// <returns>Whether it makes sense; if not, the peer breaks the protocol.</returns>
    public bool Add(in DataChunk chunk, Tsn cumulative)
    {
        var fragment = Fragment.Of(chunk);
        if (fragment is { IsBegin: true, IsEnd: true })
        {
            return AddWhole(fragment, chunk, cumulative);
        }

        var tsn = chunk.Tsn;
        EnsureSlot(tsn.DistanceFrom(cumulative) + 1, cumulative);
        MessageAssembly assembly;
        if (fragment.IsBegin)
        {
            DiscardUnfinished(tsn);
            assembly = Begin(fragment, tsn);
        }
        else if (TakeWaiting(tsn) is { } waiting)
        {
            assembly = waiting;
            if (!assembly.Fits(fragment))
            {
                Discard(assembly);
                return false;
            }
        }
        else
        {
            Park(tsn, fragment, chunk.Payload);
            return true;
        }

        Append(assembly, chunk.Payload);
        return fragment.IsEnd ? Complete(assembly) : Continue(assembly);
    }

    /// <summary>
    /// Forgets what is incomplete up to <paramref name="tsn"/>: because the peer has given it up (RFC 3758, 3.6), or because everything up to there has
    /// arrived and what is left belongs to no message.
    /// </summary>
    public void ForwardTo(Tsn cumulative, Tsn tsn)
    {
        var reach = Math.Min(tsn.DistanceFrom(cumulative), _slots.Length);
        for (var i = 1; i <= reach && _occupied > 0; i++)
        {
            ref var slot = ref Slot(cumulative + i);
            if (slot.Waiting is { } assembly)
            {
                Discard(assembly);
            }
            else if (slot.Early is { } early)
            {
                _budget.Free(early.Length);
                early.Dispose();
            }

            _occupied -= slot.IsEmpty ? 0 : 1;
            slot = default;
        }
    }

    /// <summary>RFC 3758 3.6: does not wait any longer for the stream's messages up to <paramref name="ssn"/>.</summary>
    public void SkipTo(ushort streamId, ushort ssn)
    {
        var stream = GetStream(streamId);
        if (SerialNumber.IsBefore(ssn, stream.Next))
        {
            return;
        }

        // What is complete is not lost: it is delivered, in its order.
        if (!stream.IsEmpty)
        {
            foreach (var number in stream.GetWaitingUpTo(ssn))
            {
                stream.Next = number;
                TryDeliverNext(stream);
            }
        }

        stream.Next = (ushort)(ssn + 1);
        DeliverReady(stream);
    }

    /// <summary>RFC 6525 5.2.2: the stream's sequence numbers begin at 0 again.</summary>
    public void ResetStream(ushort streamId)
    {
        if (_streams.Remove(streamId, out var stream))
        {
            _lastStream = null;
            while (stream.TryTakeAny(out var message))
            {
                Drop(message);
            }
        }
    }

    /// <summary>Resets every stream.</summary>
    public void ResetAllStreams()
    {
        foreach (var streamId in _streams.Keys.ToArray())
        {
            ResetStream(streamId);
        }
    }

    /// <summary>Frees everything held.</summary>
    public void Clear()
    {
        ResetAllStreams();
        foreach (ref var slot in _slots.AsSpan())
        {
            slot.Waiting?.Discard();
            slot.Early?.Dispose();
            slot = default;
        }

        _occupied = 0;
    }

    private bool AddWhole(in Fragment fragment, in DataChunk chunk, Tsn cumulative)
    {
        if (_occupied > 0 && chunk.Tsn.DistanceFrom(cumulative) <= _slots.Length)
        {
            DiscardUnfinished(chunk.Tsn);
        }

        var payload = chunk.Payload;
        var buffer = payload.Length <= _maxMessageSize ? PooledBuffer.CopyOf(payload) : null;
        _budget.Use(buffer is null ? 0 : payload.Length);
        Order(fragment.IsUnordered, fragment.StreamSequenceNumber, new ReceivedMessage(fragment.StreamId, fragment.PayloadProtocolId, buffer));
        return true;
    }

    private MessageAssembly Begin(in Fragment fragment, Tsn tsn)
    {
        var assembly = _spare.TryPop(out var spare) ? spare : new MessageAssembly(_maxMessageSize);
        var guess = _streams.TryGetValue(fragment.StreamId, out var stream) ? stream.LastLength : 0;
        assembly.Begin(fragment, tsn, Math.Max(guess, FirstGuess));
        return assembly;
    }

    private void Append(MessageAssembly assembly, ReadOnlySpan<byte> payload)
    {
        var before = assembly.Length;
        assembly.Append(payload);
        var after = assembly.Length;
        if (after >= before)
        {
            _budget.Use(after - before);
        }
        else
        {
            _budget.Free(before - after);
        }
    }

    // Appends the fragments that came early, up to the first that is missing.
    private bool Continue(MessageAssembly assembly)
    {
        while (true)
        {
            ref var slot = ref Slot(assembly.NextTsn);
            if (slot.Early is not { } early)
            {
                slot.Waiting = assembly;
                _occupied++;
                return true;
            }

            var fragment = slot.Fragment;
            slot = default;
            _occupied--;
            _budget.Free(early.Length);
            if (!assembly.Fits(fragment))
            {
                early.Dispose();
                Discard(assembly);
                return false;
            }

            Append(assembly, early.Span);
            early.Dispose();
            if (fragment.IsEnd)
            {
                return Complete(assembly);
            }
        }
    }

    private bool Complete(MessageAssembly assembly)
    {
        var message = assembly.Take();
        _spare.Push(assembly);
        Order(assembly.IsUnordered, assembly.StreamSequenceNumber, message);
        return true;
    }

    // RFC 9260 6.6: unordered messages are delivered at once, ordered ones in the order of their sequence numbers.
    private void Order(bool isUnordered, ushort ssn, in ReceivedMessage message)
    {
        _budget.Use(ReceiveBudget.MessageOverhead);
        var stream = GetStream(message.StreamId);
        stream.LastLength = message.Buffer?.Length ?? 0;
        if (isUnordered)
        {
            _completed.Enqueue(message);
        }
        else if (ssn == stream.Next)
        {
            stream.Next++;
            _completed.Enqueue(message);
            DeliverReady(stream);
        }
        else if (SerialNumber.IsBefore(ssn, stream.Next))
        {
            Drop(message);
        }
        else if (stream.Park(ssn, message) is { } replaced)
        {
            Drop(replaced);
        }
    }

    private void DeliverReady(IncomingStream stream)
    {
        while (!stream.IsEmpty && TryDeliverNext(stream))
        {
        }
    }

    private bool TryDeliverNext(IncomingStream stream)
    {
        if (!stream.TryTakeNext(out var message))
        {
            return false;
        }

        _completed.Enqueue(message);
        return true;
    }

    private void Drop(in ReceivedMessage message)
    {
        _budget.Free(message.Cost);
        message.Buffer?.Dispose();
    }

    private void Discard(MessageAssembly assembly)
    {
        _budget.Free(assembly.Length);
        assembly.Discard();
        _spare.Push(assembly);
    }

    private void Park(Tsn tsn, in Fragment fragment, ReadOnlySpan<byte> payload)
    {
        ref var slot = ref Slot(tsn);
        slot.Early = PooledBuffer.CopyOf(payload);
        slot.Fragment = fragment;
        _occupied++;
        _budget.Use(payload.Length);
    }

    // A message begins where another one should have gone on: its sender has given that one up half sent.
    private void DiscardUnfinished(Tsn tsn)
    {
        if (TakeWaiting(tsn) is { } unfinished)
        {
            Discard(unfinished);
        }
    }

    private MessageAssembly? TakeWaiting(Tsn tsn)
    {
        ref var slot = ref Slot(tsn);
        var assembly = slot.Waiting;
        if (assembly is not null)
        {
            slot = default;
            _occupied--;
        }

        return assembly;
    }

    private IncomingStream GetStream(ushort streamId)
    {
        if (_lastStream is not null && _lastStreamId == streamId)
        {
            return _lastStream;
        }

        if (!_streams.TryGetValue(streamId, out var stream))
        {
            _streams[streamId] = stream = new IncomingStream();
        }

        _lastStream = stream;
        _lastStreamId = streamId;
        return stream;
    }

    private ref FragmentSlot Slot(Tsn tsn) => ref _slots[tsn.Value & (uint)(_slots.Length - 1)];

    // The ring holds the TSNs from cumulative + 1 on.
    private void EnsureSlot(int distance, Tsn cumulative)
    {
        if (distance <= _slots.Length)
        {
            return;
        }

        var old = _slots;
        _slots = new FragmentSlot[BitOperations.RoundUpToPowerOf2((uint)distance)];
        for (var i = 1; i <= old.Length; i++)
        {
            Slot(cumulative + i) = old[(cumulative + i).Value & (uint)(old.Length - 1)];
        }
    }
}
