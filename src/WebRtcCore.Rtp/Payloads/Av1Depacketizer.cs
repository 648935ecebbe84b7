using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins AV1 temporal units (RTP Payload Format for AV1): OBUs get their size fields back, and a temporal delimiter goes before them.</summary>
internal sealed class Av1Depacketizer : IRtpDepacketizer
{
    private readonly ArrayBufferWriter<byte> _fragment = new();
    private bool _isEmpty;
    private bool _isFragmentOpen;
    private bool _hasSequenceHeader;
    private bool? _isKeyPicture;

    public bool IsOnePacketPerFrame => false;

    public bool IsFrameStart(ReadOnlySpan<byte> payload) =>
        payload.Length > 1 && (payload[0] & (Av1AggregationHeader.ContinuationBit | Av1AggregationHeader.NewSequenceBit)) == Av1AggregationHeader.NewSequenceBit;

    public void Begin()
    {
        _fragment.ResetWrittenCount();
        _isEmpty = true;
        _isFragmentOpen = false;
        _hasSequenceHeader = false;
        _isKeyPicture = null;
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (payload.IsEmpty || ((payload[0] & Av1AggregationHeader.ContinuationBit) != 0) != _isFragmentOpen)
        {
            return false;
        }

        var count = Av1AggregationHeader.GetElementCount(payload[0]);
        var reader = new SpanReader(payload[1..]);
        for (var i = 1; !reader.IsAtEnd; i++)
        {
            var length = reader.Remaining;
            if ((count > 0 && i > count) || (i != count && !Leb128.TryRead(ref reader, out length)) || !reader.TryReadBytes(length, out var element))
            {
                return false;
            }

            var isContinued = reader.IsAtEnd && (payload[0] & Av1AggregationHeader.ContinuedBit) != 0;
            if (!TryAddElement(element, isContinued, frame))
            {
                return false;
            }
        }

        // Y without an element that could continue.
        return _isFragmentOpen == ((payload[0] & Av1AggregationHeader.ContinuedBit) != 0);
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = _hasSequenceHeader && _isKeyPicture != false;
        return !_isEmpty && !_isFragmentOpen;
    }

    private bool TryAddElement(ReadOnlySpan<byte> element, bool isContinued, IBufferWriter<byte> frame)
    {
        if (_isFragmentOpen || isContinued)
        {
            _fragment.Write(element);
            _isFragmentOpen = isContinued;
            if (isContinued)
            {
                return true;
            }

            var isGood = TryAddUnit(_fragment.WrittenSpan, frame);
            _fragment.ResetWrittenCount();
            return isGood;
        }

        return TryAddUnit(element, frame);
    }

    private bool TryAddUnit(ReadOnlySpan<byte> element, IBufferWriter<byte> frame)
    {
        var reader = new SpanReader(element);
        if (!Av1Obu.TryRead(ref reader, out var unit))
        {
            return false;
        }

        if (!unit.IsTransported)
        {
            return true;
        }

        if (_isEmpty)
        {
            frame.Write<byte>([(Av1Obu.TemporalDelimiter << 3) | Av1Obu.SizeBit, 0]);
            _isEmpty = false;
        }

        var content = element.Slice(unit.PayloadStart, unit.PayloadLength);
        frame.Write<byte>([(byte)(unit.Header | Av1Obu.SizeBit)]);
        if (unit.Extension is { } extension)
        {
            frame.Write<byte>([extension]);
        }

        Leb128.Write(frame, content.Length);
        frame.Write(content);
        Inspect(unit.Type, content);
        return true;
    }

    // AV1 bitstream 5.9.2: show_existing_frame, then two bits of frame_type, where 0 is a key frame.
    private void Inspect(int type, ReadOnlySpan<byte> content)
    {
        _hasSequenceHeader |= type == Av1Obu.SequenceHeader;
        if (type is Av1Obu.Frame or Av1Obu.FrameHeader && !content.IsEmpty)
        {
            _isKeyPicture ??= (content[0] & 0xE0) == 0;
        }
    }
}
