using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Cuts H.265 access units (RFC 7798, without decoding order numbers): small NAL units travel together, large ones in fragments.</summary>
internal sealed class H265Packetizer : IRtpPacketizer
{
    private readonly List<Range> _units = [];
    private ReadOnlyMemory<byte> _frame;
    private int _maxPayloadSize;
    private int _next;
    private int _fragmentPosition;
    private int _fragmentLength;

    public bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize)
    {
        PayloadSlices.ThrowIfTooSmall(maxPayloadSize);
        _frame = frame;
        _maxPayloadSize = maxPayloadSize;
        _next = 0;
        _fragmentPosition = 0;
        if (!AnnexB.TryFindUnits(frame.Span, _units) || _units.Exists(unit => GetLength(unit) <= H265NalUnit.HeaderLength))
        {
            _units.Clear();
            return false;
        }

        return true;
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool isLast)
    {
        length = 0;
        isLast = true;
        if (_next == _units.Count)
        {
            return false;
        }

        if (GetLength(_units[_next]) > _maxPayloadSize)
        {
            length = WriteFragment(payload);
        }
        else if (CountAggregated() is > 1 and var count)
        {
            length = WriteAggregation(payload, count);
        }
        else
        {
            var unit = _frame.Span[_units[_next++]];
            unit.CopyTo(payload);
            length = unit.Length;
        }

        isLast = _next == _units.Count;
        return true;
    }

    private int GetLength(Range unit) => unit.GetOffsetAndLength(_frame.Length).Length;

    private int WriteFragment(Span<byte> payload)
    {
        var unit = _frame.Span[_units[_next]];
        if (_fragmentPosition == 0)
        {
            _fragmentPosition = H265NalUnit.HeaderLength;
            _fragmentLength = PayloadSlices.GetLength(unit.Length - H265NalUnit.HeaderLength, _maxPayloadSize - H265NalUnit.FragmentHeaderLength);
        }

        var isFirst = _fragmentPosition == H265NalUnit.HeaderLength;
        var part = unit[_fragmentPosition..Math.Min(_fragmentPosition + _fragmentLength, unit.Length)];
        _fragmentPosition += part.Length;
        var isEnd = _fragmentPosition == unit.Length;
        payload[0] = H265NalUnit.WithType(unit[0], H265NalUnit.Fragment);
        payload[1] = unit[1];
        payload[2] = (byte)(H265NalUnit.GetType(unit[0]) | (isFirst ? H265NalUnit.FragmentStartBit : 0) | (isEnd ? H265NalUnit.FragmentEndBit : 0));
        part.CopyTo(payload[H265NalUnit.FragmentHeaderLength..]);
        if (isEnd)
        {
            _next++;
            _fragmentPosition = 0;
        }

        return H265NalUnit.FragmentHeaderLength + part.Length;
    }

    private int CountAggregated()
    {
        var total = H265NalUnit.HeaderLength;
        var count = 0;
        while (_next + count < _units.Count)
        {
            total += H265NalUnit.AggregatedLengthSize + GetLength(_units[_next + count]);
            if (total > _maxPayloadSize)
            {
                break;
            }

            count++;
        }

        return count;
    }

    // RFC 7798 4.4.2: F is set if it is in any of the units, layer and temporal id are the lowest of them.
    private int WriteAggregation(Span<byte> payload, int count)
    {
        var position = H265NalUnit.HeaderLength;
        var forbidden = 0;
        var layers = 0x1FF;
        for (var i = 0; i < count; i++)
        {
            var unit = _frame.Span[_units[_next++]];
            forbidden |= unit[0] & 0x80;
            layers = Math.Min(layers, ((unit[0] & 0x01) << 8) | unit[1]);
            BinaryPrimitives.WriteUInt16BigEndian(payload[position..], (ushort)unit.Length);
            unit.CopyTo(payload[(position + H265NalUnit.AggregatedLengthSize)..]);
            position += H265NalUnit.AggregatedLengthSize + unit.Length;
        }

        payload[0] = (byte)(forbidden | (H265NalUnit.Aggregation << 1) | (layers >> 8));
        payload[1] = (byte)layers;
        return position;
    }
}
