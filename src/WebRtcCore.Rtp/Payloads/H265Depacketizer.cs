using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins H.265 access units (RFC 7798, without decoding order numbers) and puts a start code before each NAL unit.</summary>
internal sealed class H265Depacketizer : IRtpDepacketizer
{
    private bool _isEmpty;
    private bool _isKeyFrame;
    private int _openFragmentType;

    public bool IsOnePacketPerFrame => false;

    public bool IsFrameStart(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= H265NalUnit.FragmentHeaderLength)
        {
            return false;
        }

        switch (H265NalUnit.GetType(payload[0]))
        {
            case H265NalUnit.Aggregation:
                var first = payload[H265NalUnit.HeaderLength..];
                return first.Length > NalUnitPayload.AggregatedLengthSize + H265NalUnit.HeaderLength
                    && StartsFrame(H265NalUnit.GetType(first[NalUnitPayload.AggregatedLengthSize]), first[(NalUnitPayload.AggregatedLengthSize + H265NalUnit.HeaderLength)..]);
            case H265NalUnit.Fragment:
                return (payload[2] & NalUnitPayload.FragmentStartBit) != 0 && StartsFrame(payload[2] & 0x3F, payload[H265NalUnit.FragmentHeaderLength..]);
            case var type:
                return StartsFrame(type, payload[H265NalUnit.HeaderLength..]);
        }
    }

    public void Begin()
    {
        _isEmpty = true;
        _isKeyFrame = false;
        _openFragmentType = -1;
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (payload.Length <= H265NalUnit.HeaderLength)
        {
            return false;
        }

        var type = H265NalUnit.GetType(payload[0]);
        if (type == H265NalUnit.Fragment)
        {
            return TryAppendFragment(payload, frame);
        }

        if (_openFragmentType >= 0 || type > H265NalUnit.Aggregation)
        {
            return false;
        }

        if (type == H265NalUnit.Aggregation)
        {
            return TryAppendAggregation(payload[H265NalUnit.HeaderLength..], frame);
        }

        AppendUnit(payload, frame);
        return true;
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = _isKeyFrame;
        return !_isEmpty && _openFragmentType < 0;
    }

    // ITU-T H.265 7.3.6.1: a slice begins with first_slice_segment_in_pic_flag. As with H.264, a key frame begins with its parameter sets.
    private static bool StartsFrame(int type, ReadOnlySpan<byte> content) =>
        type is H265NalUnit.VideoParameterSet or H265NalUnit.SequenceParameterSet or H265NalUnit.AccessUnitDelimiter
        || (type < H265NalUnit.FirstRandomAccess && !content.IsEmpty && (content[0] & 0x80) != 0);

    private bool TryAppendAggregation(ReadOnlySpan<byte> units, IBufferWriter<byte> frame)
    {
        var reader = new SpanReader(units);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadVector16(out var unit) || unit.Length <= H265NalUnit.HeaderLength || H265NalUnit.GetType(unit[0]) >= H265NalUnit.Aggregation)
            {
                return false;
            }

            AppendUnit(unit, frame);
        }

        return units.Length > 0;
    }

    private bool TryAppendFragment(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (payload.Length <= H265NalUnit.FragmentHeaderLength)
        {
            return false;
        }

        var type = payload[2] & 0x3F;
        var isStart = (payload[2] & NalUnitPayload.FragmentStartBit) != 0;
        if (type >= H265NalUnit.Aggregation || _openFragmentType != (isStart ? -1 : type))
        {
            return false;
        }

        if (isStart)
        {
            StartUnit(H265NalUnit.WithType(payload[0], type), payload[1], frame);
        }

        frame.Write(payload[H265NalUnit.FragmentHeaderLength..]);
        _openFragmentType = (payload[2] & NalUnitPayload.FragmentEndBit) != 0 ? -1 : type;
        return true;
    }

    private void AppendUnit(ReadOnlySpan<byte> unit, IBufferWriter<byte> frame)
    {
        StartUnit(unit[0], unit[1], frame);
        frame.Write(unit[H265NalUnit.HeaderLength..]);
    }

    private void StartUnit(byte first, byte second, IBufferWriter<byte> frame)
    {
        frame.Write(AnnexB.StartCode);
        frame.Write<byte>([first, second]);
        _isEmpty = false;
        _isKeyFrame |= H265NalUnit.IsRandomAccess(H265NalUnit.GetType(first));
    }
}
