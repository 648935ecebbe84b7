using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins H.264 access units (RFC 6184, modes 0 and 1) and puts a start code before each NAL unit.</summary>
internal sealed class H264Depacketizer : IRtpDepacketizer
{
    private bool _isEmpty;
    private bool _isKeyFrame;
    private int _openFragmentType;

    public bool IsOnePacketPerFrame => false;

    // A parameter set or delimiter starts an access unit; before a first slice, which has its first macroblock, a browser sends nothing unless the slice is a
    // key frame's: that one is useless without its parameter sets.
    public bool IsFrameStart(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        var rest = payload;
        switch (H264NalUnit.GetType(payload[0]))
        {
            case H264NalUnit.Aggregation:
                rest = payload.Length > 1 + NalUnitPayload.AggregatedLengthSize ? payload[(1 + NalUnitPayload.AggregatedLengthSize)..] : default;
                break;
            case H264NalUnit.Fragment:
                return payload.Length > H264NalUnit.FragmentHeaderLength && (payload[1] & NalUnitPayload.FragmentStartBit) != 0
                    && StartsFrame(H264NalUnit.GetType(payload[1]), payload[H264NalUnit.FragmentHeaderLength..]);
            default:
                break;
        }

        return !rest.IsEmpty && StartsFrame(H264NalUnit.GetType(rest[0]), rest[1..]);
    }

    public void Begin()
    {
        _isEmpty = true;
        _isKeyFrame = false;
        _openFragmentType = 0;
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        var type = H264NalUnit.GetType(payload[0]);
        if (type == H264NalUnit.Fragment)
        {
            return TryAppendFragment(payload, frame);
        }

        if (_openFragmentType != 0)
        {
            return false;
        }

        return type switch
        {
            H264NalUnit.Aggregation => TryAppendAggregation(payload[1..], frame),
            > 0 and <= H264NalUnit.LastSingle => AppendUnit(payload, frame),
            _ => false,
        };
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = _isKeyFrame;
        return !_isEmpty && _openFragmentType == 0;
    }

    // ITU-T H.264 7.3.3: a slice begins with first_mb_in_slice, where a set first bit is the number 0.
    private static bool StartsFrame(int type, ReadOnlySpan<byte> unit) =>
        type is H264NalUnit.SequenceParameterSet or H264NalUnit.AccessUnitDelimiter || (type == H264NalUnit.Slice && !unit.IsEmpty && (unit[0] & 0x80) != 0);

    private bool TryAppendAggregation(ReadOnlySpan<byte> units, IBufferWriter<byte> frame)
    {
        var reader = new SpanReader(units);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadVector16(out var unit) || unit.IsEmpty || H264NalUnit.GetType(unit[0]) is 0 or > H264NalUnit.LastSingle)
            {
                return false;
            }

            AppendUnit(unit, frame);
        }

        return units.Length > 0;
    }

    private bool TryAppendFragment(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (payload.Length <= H264NalUnit.FragmentHeaderLength)
        {
            return false;
        }

        var type = H264NalUnit.GetType(payload[1]);
        var isStart = (payload[1] & NalUnitPayload.FragmentStartBit) != 0;
        var expected = isStart ? 0 : type;
        if (type is 0 or > H264NalUnit.LastSingle || _openFragmentType != expected)
        {
            return false;
        }

        if (isStart)
        {
            StartUnit((byte)((payload[0] & H264NalUnit.ImportanceMask) | type), frame);
        }

        frame.Write(payload[H264NalUnit.FragmentHeaderLength..]);
        _openFragmentType = (payload[1] & NalUnitPayload.FragmentEndBit) != 0 ? 0 : type;
        return true;
    }

    private bool AppendUnit(ReadOnlySpan<byte> unit, IBufferWriter<byte> frame)
    {
        StartUnit(unit[0], frame);
        frame.Write(unit[1..]);
        return true;
    }

    private void StartUnit(byte header, IBufferWriter<byte> frame)
    {
        frame.Write(AnnexB.StartCode);
        frame.Write<byte>([header]);
        _isEmpty = false;
        _isKeyFrame |= H264NalUnit.GetType(header) == H264NalUnit.InstantRefreshSlice;
    }
}
