using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// Cuts H.264 access units (RFC 6184). With fragments (mode 1), small NAL units travel together in a STAP-A and large ones in FU-A pieces; without (mode 0), each
/// unit has a packet of its own and must fit in it.
/// </summary>
internal sealed class H264Packetizer(bool hasFragments) : IRtpPacketizer
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
        if (!AnnexB.TryFindUnits(frame.Span, _units) || (!hasFragments && _units.Exists(unit => GetLength(unit) > maxPayloadSize)))
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
        else if (hasFragments && CountAggregated() is > 1 and var count)
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

    // The unit's own header byte is not sent: its parts are in the indicator and the fragment header.
    private int WriteFragment(Span<byte> payload)
    {
        var unit = _frame.Span[_units[_next]];
        if (_fragmentPosition == 0)
        {
            _fragmentPosition = 1;
            _fragmentLength = PayloadSlices.GetLength(unit.Length - 1, _maxPayloadSize - H264NalUnit.FragmentHeaderLength);
        }

        var isFirst = _fragmentPosition == 1;
        var part = unit[_fragmentPosition..Math.Min(_fragmentPosition + _fragmentLength, unit.Length)];
        _fragmentPosition += part.Length;
        var isEnd = _fragmentPosition == unit.Length;
        payload[0] = (byte)((unit[0] & H264NalUnit.ImportanceMask) | H264NalUnit.Fragment);
        payload[1] = (byte)(H264NalUnit.GetType(unit[0]) | (isFirst ? H264NalUnit.FragmentStartBit : 0) | (isEnd ? H264NalUnit.FragmentEndBit : 0));
        part.CopyTo(payload[H264NalUnit.FragmentHeaderLength..]);
        if (isEnd)
        {
            _next++;
            _fragmentPosition = 0;
        }

        return H264NalUnit.FragmentHeaderLength + part.Length;
    }

    private int CountAggregated()
    {
        var total = 1;
        var count = 0;
        while (_next + count < _units.Count)
        {
            total += H264NalUnit.AggregatedLengthSize + GetLength(_units[_next + count]);
            if (total > _maxPayloadSize)
            {
                break;
            }

            count++;
        }

        return count;
    }

    // RFC 6184 5.7.1: F is set if it is in any of the units, NRI is the highest of them.
    private int WriteAggregation(Span<byte> payload, int count)
    {
        var position = 1;
        var forbidden = 0;
        var importance = 0;
        for (var i = 0; i < count; i++)
        {
            var unit = _frame.Span[_units[_next++]];
            forbidden |= unit[0] & 0x80;
            importance = Math.Max(importance, unit[0] & 0x60);
            BinaryPrimitives.WriteUInt16BigEndian(payload[position..], (ushort)unit.Length);
            unit.CopyTo(payload[(position + H264NalUnit.AggregatedLengthSize)..]);
            position += H264NalUnit.AggregatedLengthSize + unit.Length;
        }

        payload[0] = (byte)(forbidden | importance | H264NalUnit.Aggregation);
        return position;
    }
}
