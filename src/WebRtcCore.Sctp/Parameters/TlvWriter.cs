using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Parameters;

/// <summary>Writes parameters and error causes; the counterpart of <see cref="TlvReader"/>.</summary>
internal ref struct TlvWriter
{
    private readonly Span<byte> _destination;
    private int _position;

    /// <summary>Starts writing at the beginning of <paramref name="destination"/>.</summary>
    public TlvWriter(Span<byte> destination) => _destination = destination;

    /// <summary>How many bytes an element takes together with its padding.</summary>
    public static int PaddedLength(int valueLength) => Padding.RoundUp(TlvReader.HeaderLength + valueLength);

    /// <summary>
    /// Adds an element and returns the place of its value. Padding is zeroed before the next element, not after the last: the length of a chunk leaves out
    /// the padding of its last parameter (RFC 9260, 3.2).
    /// </summary>
    public Span<byte> Add(ushort type, int valueLength)
    {
        var start = Padding.RoundUp(_position);
        _destination[_position..start].Clear();
        var length = TlvReader.HeaderLength + valueLength;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[start..], type);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(start + 2)..], (ushort)length);
        _position = start + length;
        return _destination.Slice(start + TlvReader.HeaderLength, valueLength);
    }

    /// <summary>Adds an element with its value.</summary>
    public void Add(ushort type, ReadOnlySpan<byte> value) => value.CopyTo(Add(type, value.Length));
}
