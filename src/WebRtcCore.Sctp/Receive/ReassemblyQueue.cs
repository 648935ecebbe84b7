using System.Numerics;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>
/// Puts messages of DATA chunks together (RFC 9260, 6.5, 6.6, 6.9). Fragments of a message have consecutive TSNs, so that a ring indexed by TSN finds the
/// message that a fragment continues. Bounded by the receive buffer and by the reach of the TSN tracker.
/// </summary>
internal sealed class ReassemblyQueue : IReassemblyQueue
{
    private const int InitialSlots = 64;
    private const int FirstGuess = 4096;
    private readonly Stack<MessageAssembly> _spare = new();
    private readonly ReceiveBudget _budget;
    private readonly int _maxMessageSize;
    private readonly MessageOrder _order;
    private FragmentSlot[] _slots = new FragmentSlot[InitialSlots];
    private int _occupied;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="budget">Told of everything held, completed messages included.</param>
    /// <param name="order">Where complete messages go.</param>
    /// <param name="maxMessageSize">A larger message is dropped but keeps its place in the order.</param>
    public ReassemblyQueue(ReceiveBudget budget, MessageOrder order, int maxMessageSize)
    {
        _budget = budget;
        _order = order;
        _maxMessageSize = maxMessageSize;
    }

    /// <summary>Always: the next TSN finds its place by itself, and the reach of the TSN tracker bounds the rest.</summary>
    public bool HasPlaceFor(in Fragment fragment) => true;

    /// <inheritdoc/>
    public bool Add(in IncomingFragment chunk, Tsn cumulative)
    {
        var fragment = chunk.Description;
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

        assembly.Append(chunk.Payload, _budget);
        return fragment.IsEnd ? Complete(assembly) : Continue(assembly);
    }

    /// <summary>Forgets what is incomplete up to <paramref name="tsn"/>: given up by the peer, or belonging to no message.</summary>
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

    /// <inheritdoc/>
    public void Skip(in SkippedMessages skipped) => _order.SkipTo(skipped.StreamId, skipped.LastMessageId);

    /// <inheritdoc/>
    public void ResetStream(ushort streamId) => _order.ResetStream(streamId);

    /// <inheritdoc/>
    public void ResetAllStreams() => _order.ResetAllStreams();

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

    private bool AddWhole(in Fragment fragment, in IncomingFragment chunk, Tsn cumulative)
    {
        if (_occupied > 0 && chunk.Tsn.DistanceFrom(cumulative) <= _slots.Length)
        {
            DiscardUnfinished(chunk.Tsn);
        }

        var payload = chunk.Payload;
        var buffer = payload.Length <= _maxMessageSize ? PooledBuffer.CopyOf(payload) : null;
        _budget.Use(buffer is null ? 0 : payload.Length);
        _order.Add(new ReceivedMessage(fragment.StreamId, fragment.PayloadProtocolId, buffer), fragment.IsUnordered, fragment.MessageId);
        return true;
    }

    private MessageAssembly Begin(in Fragment fragment, Tsn tsn)
    {
        var assembly = _spare.TryPop(out var spare) ? spare : new MessageAssembly(_maxMessageSize);
        assembly.Begin(fragment, tsn.Value, Math.Max(_order.GuessLength(fragment.StreamId), FirstGuess));
        return assembly;
    }

    // Appends the fragments that came early, up to the first that is missing.
    private bool Continue(MessageAssembly assembly)
    {
        while (true)
        {
            ref var slot = ref Slot(new Tsn(assembly.Next));
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

            assembly.Append(early.Span, _budget);
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
        _order.Add(message, assembly.IsUnordered, assembly.MessageId);
        return true;
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
