using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>
/// The last flight sent (RFC 6347 4.2.4): kept until it is answered, written as often as needed, each time under new record sequence numbers.
/// Packs as many records into a datagram as fit and fragments messages that do not (RFC 6347 4.2.3).
/// </summary>
internal sealed class OutgoingFlight
{
    // A remainder of less than this at the end of a datagram is left unused rather than filled with a splinter.
    private const int MinFragment = 64;
    private readonly List<Item> _items = [];
    private int _item;
    private int _offset;

    /// <summary>Whether nothing is kept.</summary>
    public bool IsEmpty => _items.Count == 0;

    /// <summary>Whether part of the flight has not been written since the last <see cref="Rewind"/>.</summary>
    public bool HasPending => _item < _items.Count;

    /// <summary>Starts a new flight: the previous one is answered.</summary>
    public void Clear()
    {
        _items.Clear();
        Rewind();
    }

    /// <summary>Adds a handshake message, header included.</summary>
    public void AddMessage(in HandshakeHeader header, byte[] encoded, ushort epoch) => _items.Add(new Item(header, encoded, epoch));

    /// <summary>Adds ChangeCipherSpec. It is no handshake message and has no sequence number (RFC 6347 4.2.2).</summary>
    public void AddChangeCipherSpec() => _items.Add(new Item(default, null, 0));

    /// <summary>Writes everything again.</summary>
    public void Rewind()
    {
        _item = 0;
        _offset = 0;
    }

    /// <summary>Writes the next datagram; 0 if nothing is left.</summary>
    public int WriteDatagram(Span<byte> destination, RecordLayer records)
    {
        var written = 0;
        while (HasPending)
        {
            var item = _items[_item];
            var length = item.Encoded is { } encoded
                ? WriteFragment(destination[written..], records, item.Header, encoded, item.Epoch, isFirst: written == 0)
                : WriteChangeCipherSpec(destination[written..], records);
            if (length == 0)
            {
                break;
            }

            written += length;
        }

        return written;
    }

    private int WriteChangeCipherSpec(Span<byte> destination, RecordLayer records)
    {
        if (destination.Length < records.Overhead(0) + 1)
        {
            return 0;
        }

        destination[records.PlaintextOffset(0)] = 1;
        _item++;
        return records.Seal(ContentType.ChangeCipherSpec, 0, destination, 1);
    }

    private int WriteFragment(Span<byte> destination, RecordLayer records, in HandshakeHeader header, byte[] encoded, ushort epoch, bool isFirst)
    {
        var left = header.MessageLength - _offset;
        var room = destination.Length - records.Overhead(epoch) - HandshakeHeader.Length;
        if (room < (isFirst ? Math.Min(left, 1) : Math.Min(left, MinFragment)))
        {
            return 0;
        }

        var count = Math.Min(left, room);
        var writer = new SpanWriter(destination[records.PlaintextOffset(epoch)..]);
        (header with { FragmentOffset = _offset, FragmentLength = count }).Write(ref writer);
        writer.WriteBytes(encoded.AsSpan(HandshakeHeader.Length + _offset, count));
        _offset += count;
        if (_offset == header.MessageLength)
        {
            _item++;
            _offset = 0;
        }

        return records.Seal(ContentType.Handshake, epoch, destination, HandshakeHeader.Length + count);
    }

    private readonly record struct Item(HandshakeHeader Header, byte[]? Encoded, ushort Epoch);
}
