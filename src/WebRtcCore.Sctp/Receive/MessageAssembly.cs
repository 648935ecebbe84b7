using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>A message whose first fragments have arrived, in order.</summary>
internal sealed class MessageAssembly
{
    private readonly int _maxLength;
    private PooledBuffer? _buffer;
    private int _length;

    /// <summary>Creates one for re-use.</summary>
    public MessageAssembly(int maxLength) => _maxLength = maxLength;

    /// <summary>The TSN of the fragment that comes next.</summary>
    public Tsn NextTsn { get; private set; }

    public ushort StreamId { get; private set; }

    public ushort StreamSequenceNumber { get; private set; }

    public uint PayloadProtocolId { get; private set; }

    public bool IsUnordered { get; private set; }

    /// <summary>Bytes held.</summary>
    public int Length => _buffer is null ? 0 : _length;

    /// <summary>Starts a message.</summary>
    public void Begin(in Fragment first, Tsn tsn, int expectedLength)
    {
        StreamId = first.StreamId;
        StreamSequenceNumber = first.StreamSequenceNumber;
        PayloadProtocolId = first.PayloadProtocolId;
        IsUnordered = first.IsUnordered;
        NextTsn = tsn;
        _length = 0;
        _buffer = PooledBuffer.Rent(Math.Min(expectedLength, _maxLength));
    }

    /// <summary>Whether a fragment belongs to the message that it follows in TSN order.</summary>
    public bool Fits(in Fragment fragment) =>
        !fragment.IsBegin && fragment.StreamId == StreamId && fragment.IsUnordered == IsUnordered
        && (IsUnordered || fragment.StreamSequenceNumber == StreamSequenceNumber);

    /// <summary>Adds the next fragment's bytes. Once the message is larger than allowed nothing is kept of it.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        NextTsn = NextTsn.Next;
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

    private void Grow(int needed)
    {
        var larger = PooledBuffer.Rent((int)Math.Min(Math.Max(needed, 2L * _length), _maxLength));
        _buffer!.Span[.._length].CopyTo(larger.Span);
        _buffer.Dispose();
        _buffer = larger;
    }
}
