using WebRtcCore.Dtls.Messages;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>
/// Puts handshake messages together from fragments in any order and hands them out in sequence (RFC 6347 4.2.2, 4.2.3).
/// Bounded in the size of a message, in bytes altogether and in how far a message may be ahead of its turn. First wins: a fragment that
/// contradicts an earlier one is dropped, until a repetition shows that the earlier one was the odd one out. What came under the negotiated keys
/// replaces what came without.
/// </summary>
internal sealed class HandshakeReassembler
{
    /// <summary>The largest message accepted. Certificates of WebRTC peers take about 300 bytes, RSA chains a few thousand.</summary>
    public const int MaxMessageLength = 16 * 1024;

    /// <summary>How many messages are kept ahead of their turn; the longest flight of DTLS 1.2 has seven.</summary>
    public const int MaxLookAhead = 8;

    /// <summary>How many bytes the messages waiting may take altogether; beyond it the farthest ahead gives way.</summary>
    public const int MaxBufferedBytes = 48 * 1024;

    /// <summary>
    /// How many contradicting fragments are dropped before they replace an incomplete message: enough that a stray one changes nothing, few enough that a
    /// forged one does not block the peer's message for good.
    /// </summary>
    public const int MaxConflicts = 2;

    private readonly PartialMessage?[] _slots = new PartialMessage?[MaxLookAhead];
    private int _bufferedBytes;

    /// <summary>The sequence number of the message whose turn it is.</summary>
    public ushort NextSequence { get; private set; }

    /// <summary>Takes one fragment.</summary>
    public FragmentOutcome Add(in HandshakeHeader header, ReadOnlySpan<byte> fragment, ushort epoch)
    {
        if (header.Sequence < NextSequence)
        {
            return FragmentOutcome.Repeated;
        }

        if (header.Sequence - NextSequence >= MaxLookAhead || header.MessageLength > MaxMessageLength)
        {
            return FragmentOutcome.Dropped;
        }

        ref var slot = ref _slots[header.Sequence % MaxLookAhead];
        if (slot is not null && epoch != slot.Epoch)
        {
            if (epoch < slot.Epoch)
            {
                return FragmentOutcome.Dropped;
            }

            Remove(ref slot);
        }

        if (slot is not null && !slot.IsSame(header))
        {
            if (++slot.Conflicts < MaxConflicts)
            {
                return FragmentOutcome.Dropped;
            }

            Remove(ref slot);
        }

        if (slot is null)
        {
            if ((fragment.IsEmpty && header.MessageLength != 0) || !TryMakeRoom(header))
            {
                return FragmentOutcome.Dropped;
            }

            slot = new PartialMessage(header, epoch);
            _bufferedBytes += slot.MessageLength;
        }

        return slot.TryAdd(header, fragment) ? FragmentOutcome.Kept : FragmentOutcome.Dropped;
    }

    /// <summary>The message whose turn it is, if it is complete. It stays until <see cref="Advance"/> or <see cref="Discard"/>.</summary>
    public bool TryPeek(out HandshakeMessage? message)
    {
        message = _slots[NextSequence % MaxLookAhead] is { IsComplete: true } partial ? partial.ToMessage() : null;
        return message is not null;
    }

    /// <summary>The message whose turn it was has been handled.</summary>
    public void Advance()
    {
        Discard();
        NextSequence++;
    }

    /// <summary>The message whose turn it is was rubbish: another copy may take its place.</summary>
    public void Discard() => Remove(ref _slots[NextSequence % MaxLookAhead]);

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _bufferedBytes = 0;
    }

    private bool TryMakeRoom(in HandshakeHeader header)
    {
        for (var ahead = MaxLookAhead - 1; header.MessageLength > MaxBufferedBytes - _bufferedBytes; ahead--)
        {
            if (ahead <= header.Sequence - NextSequence)
            {
                return false;
            }

            Remove(ref _slots[(NextSequence + ahead) % MaxLookAhead]);
        }

        return true;
    }

    private void Remove(ref PartialMessage? slot)
    {
        _bufferedBytes -= slot?.MessageLength ?? 0;
        slot = null;
    }
}
