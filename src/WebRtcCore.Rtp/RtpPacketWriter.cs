using System.Buffers.Binary;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp;

/// <summary>
/// Writes one RTP packet (RFC 3550, 5.1) into a borrowed buffer, in the packet's order: contributing sources, header extension
/// elements, payload, padding. The header extension starts in the one-byte form (RFC 8285, 4.2) and turns into the two-byte form when
/// an element needs it.
/// </summary>
public ref struct RtpPacketWriter
{
    private const int MaxCsrcs = 15;
    private const int MaxOneByteId = 14;
    private const int MaxOneByteLength = 16;
    private const int MaxElements = 32;

    private readonly Span<byte> _destination;
    private int _position;
    private int _extensionStart;
    private int _elementCount;
    private bool _isTwoByte;
    private bool _isHeaderComplete;

    /// <summary>Starts a packet by writing its fixed header.</summary>
    /// <param name="destination">Where the packet goes; borrowed, at least 12 bytes.</param>
    /// <param name="ssrc">The stream.</param>
    /// <param name="payloadType">The payload type, 0 to 127.</param>
    /// <param name="sequenceNumber">The sequence number.</param>
    /// <param name="timestampTicks">The timestamp in ticks of the payload's clock rate.</param>
    /// <param name="marker">The marker bit.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public RtpPacketWriter(
        Span<byte> destination, Ssrc ssrc, PayloadType payloadType, ushort sequenceNumber, uint timestampTicks, bool marker = false)
    {
        if (destination.Length < RtpPacketView.FixedHeaderLength)
        {
            throw new ArgumentException("There is no room for an RTP header.", nameof(destination));
        }

        _destination = destination;
        destination[0] = 0x80;
        destination[1] = (byte)((marker ? 0x80 : 0) | (payloadType.Value & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestampTicks);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc.Value);
        _position = RtpPacketView.FixedHeaderLength;
    }

    /// <summary>Bytes written so far; the packet's length once everything has been added and <see cref="Complete"/> was called.</summary>
    public readonly int Length => _position;

    /// <summary>Adds a contributing source; before any header extension.</summary>
    /// <returns><see langword="false"/> if there are 15 already or no room is left.</returns>
    /// <exception cref="InvalidOperationException">A later part of the packet has been written.</exception>
    public bool TryAddCsrc(Ssrc csrc)
    {
        if (_isHeaderComplete || _extensionStart != 0)
        {
            throw new InvalidOperationException("Contributing sources come before header extensions and payload.");
        }

        if ((_destination[0] & 0x0F) == MaxCsrcs || _destination.Length - _position < sizeof(uint))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(_destination[_position..], csrc.Value);
        _position += sizeof(uint);
        _destination[0]++;
        return true;
    }

    /// <summary>Adds a header extension element; before the payload.</summary>
    /// <param name="id">The local identifier, 1 to 255 but not 15. Above 14 the whole extension takes the two-byte form.</param>
    /// <param name="value">0 to 255 bytes. None, or more than 16, turns the whole extension into the two-byte form.</param>
    /// <returns><see langword="false"/> if no room is left or the extension is full; nothing has changed then.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> or the length of <paramref name="value"/> is out of range.</exception>
    /// <exception cref="InvalidOperationException">The payload has been written.</exception>
    public bool TryAddExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        if (_isHeaderComplete)
        {
            throw new InvalidOperationException("Header extensions come before the payload.");
        }

        if (id is 0 or 15 || value.Length > byte.MaxValue)
        {
            throw new ArgumentException("A header extension element has an identifier of 1 to 255, not 15, and at most 255 bytes.", nameof(id));
        }

        var needsTwoByte = _isTwoByte || id > MaxOneByteId || value.Length is 0 or > MaxOneByteLength;
        var growth = needsTwoByte && !_isTwoByte ? _elementCount : 0;
        var start = _extensionStart == 0 ? RtpPacketView.ExtensionHeaderLength : 0;
        var needed = start + growth + (needsTwoByte ? 2 : 1) + value.Length;

        // 3 bytes are kept for the padding to a whole word.
        if (_elementCount == MaxElements || _destination.Length - _position - 3 < needed)
        {
            return false;
        }

        if (start != 0)
        {
            _extensionStart = _position;
            _position += RtpPacketView.ExtensionHeaderLength;
            _destination[0] |= 0x10;
        }

        if (needsTwoByte && !_isTwoByte)
        {
            TurnIntoTwoByteForm();
        }

        WriteElement(id, value);
        return true;
    }

    /// <summary>Adds payload bytes; may be called several times.</summary>
    /// <returns><see langword="false"/> if no room is left; nothing has been written then.</returns>
    public bool TryAddPayload(scoped ReadOnlySpan<byte> payload)
    {
        CompleteHeader();
        if (payload.Length > _destination.Length - _position)
        {
            return false;
        }

        payload.CopyTo(_destination[_position..]);
        _position += payload.Length;
        return true;
    }

    /// <summary>Adds padding as the last part of the packet.</summary>
    /// <param name="length">1 to 255 bytes, with the count byte.</param>
    /// <returns><see langword="false"/> if no room is left; nothing has been written then.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public bool TryAddPadding(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, byte.MaxValue);
        CompleteHeader();
        if (length > _destination.Length - _position)
        {
            return false;
        }

        var padding = _destination.Slice(_position, length);
        padding.Clear();
        padding[^1] = (byte)length;
        _position += length;
        _destination[0] |= 0x20;
        return true;
    }

    /// <summary>Completes the packet and returns its length.</summary>
    public int Complete()
    {
        CompleteHeader();
        return _position;
    }

    private void CompleteHeader()
    {
        if (_isHeaderComplete)
        {
            return;
        }

        _isHeaderComplete = true;
        if (_extensionStart == 0)
        {
            return;
        }

        var dataStart = _extensionStart + RtpPacketView.ExtensionHeaderLength;
        while ((_position - dataStart) % sizeof(uint) != 0)
        {
            _destination[_position++] = 0;
        }

        var profile = _isTwoByte ? RtpHeaderExtensionElements.TwoByteProfile : RtpHeaderExtensionElements.OneByteProfile;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_extensionStart..], profile);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_extensionStart + 2)..], (ushort)((_position - dataStart) / sizeof(uint)));
    }

    private void WriteElement(byte id, scoped ReadOnlySpan<byte> value)
    {
        if (_isTwoByte)
        {
            _destination[_position] = id;
            _destination[_position + 1] = (byte)value.Length;
            _position += 2;
        }
        else
        {
            _destination[_position] = (byte)((id << 4) | (value.Length - 1));
            _position++;
        }

        value.CopyTo(_destination[_position..]);
        _position += value.Length;
        _elementCount++;
    }

    // Every element grows by its second header byte: from the last to the first, so that nothing is overwritten before it has moved.
    private void TurnIntoTwoByteForm()
    {
        Span<ushort> starts = stackalloc ushort[MaxElements];
        var offset = _extensionStart + RtpPacketView.ExtensionHeaderLength;
        for (var i = 0; i < _elementCount; i++)
        {
            starts[i] = (ushort)offset;
            offset += 2 + (_destination[offset] & 0x0F);
        }

        for (var i = _elementCount - 1; i >= 0; i--)
        {
            int source = starts[i];
            var header = _destination[source];
            var length = (header & 0x0F) + 1;
            var target = source + i;
            _destination.Slice(source + 1, length).CopyTo(_destination[(target + 2)..]);
            _destination[target] = (byte)(header >> 4);
            _destination[target + 1] = (byte)length;
        }

        _position += _elementCount;
        _isTwoByte = true;
    }
}
