using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Receive;

/// <summary>A message whose first fragments have arrived, in order.</summary>
internal sealed class MessageAssembly
{
    private readonly int _maxLength;
    private PooledBuffer? _buffer;
    private int _length;

    /// <summary>Creates one for re-use.</summary>
    public MessageAssembly(int maxLength) => _maxLength = maxLength;

    /// <summary>The fragment that comes next: its TSN with DATA, its number with I-DATA.</summary>
    public uint Next { get; private set; }

    public ushort StreamId { get; private set; }

    public uint MessageId { get; private set; }

    public uint PayloadProtocolId { get; private set; }

    public bool IsUnordered { get; private set; }

    /// <summary>Bytes held.</summary>
    public int Length => _buffer is null ? 0 : _length;

    /// <summary>Starts a message.</summary>
    public void Begin(in Fragment first, uint next, int expectedLength)
    {
        StreamId = first.StreamId;
        MessageId = first.MessageId;
        PayloadProtocolId = first.PayloadProtocolId;
        IsUnordered = first.IsUnordered;
        Next = next;
        _length = 0;
        _buffer = PooledBuffer.Rent(Math.Min(expectedLength, _maxLength));
    }

    /// <summary>Prepares for a message whose first fragment is still missing: with I-DATA another one may come before it.</summary>
    public void Reset() => Next = 0;

    /// <summary>Whether a fragment belongs to the message that it follows in TSN order.</summary>
    public bool Fits(in Fragment fragment) =>
        !fragment.IsBegin && fragment.StreamId == StreamId && fragment.IsUnordered == IsUnordered
        && (IsUnordered || fragment.MessageId == MessageId);

    /// <summary>Adds the next fragment's bytes, which <paramref name="budget"/> is told of. Once the message is larger than allowed nothing is kept of it.</summary>
    public void Append(ReadOnlySpan<byte> bytes, ReceiveBudget budget)
    {
        var before = Length;
        Append(bytes);
        budget.Use(Length - before);
    }

    /// <summary>Hands out the message, given, and forgets it.</summary>
    public ReceivedMessage Take()
    {
        _buffer?.Truncate(_length);
        var message = new ReceivedMessage(StreamId, PayloadProtocolId, _buffer);
        _buffer = null;
        _length = 0;
        return message;
    }

    /// <summary>Throws away what is held.</summary>
    public void Discard()
    {
        _buffer?.Dispose();
        _buffer = null;
        _length = 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Next++;
        if (_buffer is null)
        {
            return;
        }

        if (bytes.Length > _maxLength - _length)
        {
            Discard();
            return;
        }

        if (bytes.Length > _buffer.Length - _length)
        {
            Grow(_length + bytes.Length);
        }

        bytes.CopyTo(_buffer.Span[_length..]);
        _length += bytes.Length;
    }

    private void Grow(int needed)
    {
        var larger = PooledBuffer.Rent((int)Math.Min(Math.Max(needed, 2L * _length), _maxLength));
        _buffer!.Span[.._length].CopyTo(larger.Span);
        _buffer.Dispose();
        _buffer = larger;
    }
}
