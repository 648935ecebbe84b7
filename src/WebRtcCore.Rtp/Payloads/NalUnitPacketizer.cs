using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Cuts access units made of NAL units: small units travel together, large ones in fragments. What the headers look like is the format's affair.</summary>
/// <param name="headerLength">Bytes of a unit's header, which are also those before an aggregation.</param>
/// <param name="fragmentHeaderLength">Bytes before a fragment, which stand for the unit's header.</param>
internal abstract class NalUnitPacketizer(int headerLength, int fragmentHeaderLength) : IRtpPacketizer
{
    private readonly List<Range> _units = [];
    private ReadOnlyMemory<byte> _frame;
    private int _maxPayloadSize;
    private int _next;
    private int _fragmentPosition;
    private int _fragmentLength;

    /// <summary>Whether small units travel together.</summary>
    protected virtual bool HasAggregation => true;

    public bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize)
    {
        PayloadSlices.ThrowIfTooSmall(maxPayloadSize);
        _frame = frame;
        _maxPayloadSize = maxPayloadSize;
        _next = 0;
        _fragmentPosition = 0;
        if (!AnnexB.TryFindUnits(frame.Span, _units) || _units.Exists(unit => !CanCarry(GetLength(unit), maxPayloadSize)))
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
        else if (HasAggregation && CountAggregated() is > 1 and var count)
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

    /// <summary>Whether a unit of so many bytes can be sent at all.</summary>
    protected abstract bool CanCarry(int unitLength, int maxPayloadSize);

    /// <summary>Writes what stands before a fragment of <paramref name="unit"/>.</summary>
    /// <param name="payload">The fragment's payload.</param>
    /// <param name="unit">The whole unit.</param>
    /// <param name="flags">The start and end bits of the fragment header.</param>
    protected abstract void WriteFragmentHeader(Span<byte> payload, ReadOnlySpan<byte> unit, int flags);

    /// <summary>Merges the header of <paramref name="unit"/> into that of an aggregation, which is written anew with the first.</summary>
    protected abstract void MergeHeader(Span<byte> payload, ReadOnlySpan<byte> unit, bool isFirst);

    private int GetLength(Range unit) => unit.GetOffsetAndLength(_frame.Length).Length;

    // The unit's own header is not sent: its parts are in what stands before the fragment.
    private int WriteFragment(Span<byte> payload)
    {
        var unit = _frame.Span[_units[_next]];
        if (_fragmentPosition == 0)
        {
            _fragmentPosition = headerLength;
            _fragmentLength = PayloadSlices.GetLength(unit.Length - headerLength, _maxPayloadSize - fragmentHeaderLength);
        }

        var isFirst = _fragmentPosition == headerLength;
        var part = unit[_fragmentPosition..Math.Min(_fragmentPosition + _fragmentLength, unit.Length)];
        _fragmentPosition += part.Length;
        var isEnd = _fragmentPosition == unit.Length;
        WriteFragmentHeader(payload, unit, (isFirst ? NalUnitPayload.FragmentStartBit : 0) | (isEnd ? NalUnitPayload.FragmentEndBit : 0));
        part.CopyTo(payload[fragmentHeaderLength..]);
        if (isEnd)
        {
            _next++;
            _fragmentPosition = 0;
        }

        return fragmentHeaderLength + part.Length;
    }

    private int CountAggregated()
    {
        var total = headerLength;
        var count = 0;
        while (_next + count < _units.Count)
        {
            total += NalUnitPayload.AggregatedLengthSize + GetLength(_units[_next + count]);
            if (total > _maxPayloadSize)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private int WriteAggregation(Span<byte> payload, int count)
    {
        var position = headerLength;
        for (var i = 0; i < count; i++)
        {
            var unit = _frame.Span[_units[_next++]];
            MergeHeader(payload, unit, isFirst: i == 0);
            BinaryPrimitives.WriteUInt16BigEndian(payload[position..], (ushort)unit.Length);
            unit.CopyTo(payload[(position + NalUnitPayload.AggregatedLengthSize)..]);
            position += NalUnitPayload.AggregatedLengthSize + unit.Length;
        }

        return position;
    }
}
