using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// Cuts AV1 temporal units (RTP Payload Format for AV1). OBUs go without their size fields, temporal delimiters and tile lists not at all. Packets are filled
/// one after the other; an OBU that does not fit continues in the next.
/// </summary>
internal sealed class Av1Packetizer : IRtpPacketizer
{
    // In a packet below 16 KiB an element's length takes at most two bytes; with less room than this beside it, it waits for the next packet.
    private const int MinElementRoom = 4;
    private const int MaxSupportedPayload = 16_000;

    private readonly List<Av1Obu> _units = [];
    private ReadOnlyMemory<byte> _frame;
    private int _maxPayloadSize;
    private int _next;
    private int _position;
    private bool _startsSequence;

    public bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize)
    {
        PayloadSlices.ThrowIfTooSmall(maxPayloadSize);
        _frame = frame;
        _maxPayloadSize = Math.Min(maxPayloadSize, MaxSupportedPayload);
        _next = 0;
        _position = 0;
        _startsSequence = false;
        _units.Clear();
        var reader = new SpanReader(frame.Span);
        while (!reader.IsAtEnd)
        {
            if (!Av1Obu.TryRead(ref reader, out var unit))
            {
                _units.Clear();
                return false;
            }

            if (unit.IsTransported)
            {
                _units.Add(unit);
                _startsSequence |= unit.Type == Av1Obu.SequenceHeader;
            }
        }

        return _units.Count > 0;
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool isLast)
    {
        length = 0;
        isLast = true;
        if (_next == _units.Count)
        {
            return false;
        }

        // RTP Payload Format for AV1, 4.4: N only in the first packet of the sequence's first temporal unit.
        var header = (byte)((_position > 0 ? Av1AggregationHeader.ContinuationBit : 0) | (_startsSequence ? Av1AggregationHeader.NewSequenceBit : 0));
        _startsSequence = false;
        length = 1;
        var room = _maxPayloadSize - 1;
        if (GetRest(_units[_next]) >= room - Leb128.MaxLength)
        {
            // It fills the packet alone, so that its length need not be said.
            header |= Av1AggregationHeader.OneElement;
            length += CopyPart(payload[1..], Math.Min(room, GetRest(_units[_next])));
        }
        else
        {
            while (_next < _units.Count && _maxPayloadSize - length >= MinElementRoom)
            {
                var part = Math.Min(GetRest(_units[_next]), _maxPayloadSize - length - 2);
                length += Leb128.Write(payload[length..], part);
                length += CopyPart(payload[length..], part);
            }
        }

        payload[0] = (byte)(header | (_position > 0 ? Av1AggregationHeader.ContinuedBit : 0));
        isLast = _next == _units.Count;
        return true;
    }

    private int GetRest(in Av1Obu unit) => unit.HeaderLength + unit.PayloadLength - _position;

    // Copies from the unit's header, extension and payload as if they lay side by side.
    private int CopyPart(Span<byte> destination, int length)
    {
        var unit = _units[_next];
        var written = 0;
        while (written < length && _position < unit.HeaderLength)
        {
            destination[written++] = _position == 0 ? (byte)(unit.Header & ~Av1Obu.SizeBit) : unit.Extension!.Value;
            _position++;
        }

        _frame.Span.Slice(unit.PayloadStart + _position - unit.HeaderLength, length - written).CopyTo(destination[written..]);
        _position += length - written;
        if (GetRest(unit) == 0)
        {
            _next++;
            _position = 0;
        }

        return length;
    }
}
