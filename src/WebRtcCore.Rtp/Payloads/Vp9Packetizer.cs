namespace WebRtcCore.Rtp.Payloads;

/// <summary>Cuts VP9 frames of one layer (RFC 9628), in flexible mode, each predicted from the one before or a key frame.</summary>
internal sealed class Vp9Packetizer : IRtpPacketizer
{
    private ReadOnlyMemory<byte> _frame;
    private int _position;
    private int _sliceLength;
    private int _pictureId = -1;
    private bool _isKeyFrame;

    public bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize)
    {
        PayloadSlices.ThrowIfTooSmall(maxPayloadSize);
        _frame = frame;
        _position = 0;
        if (frame.IsEmpty)
        {
            return false;
        }

        _sliceLength = PayloadSlices.GetLength(frame.Length, maxPayloadSize - Vp9PayloadDescriptor.WrittenLength);
        _isKeyFrame = IsKeyFrame(frame.Span[0]);
        _pictureId++;
        return true;
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool isLast)
    {
        length = 0;
        var slice = _frame.Span[_position..Math.Min(_position + _sliceLength, _frame.Length)];
        isLast = _position + slice.Length == _frame.Length;
        if (slice.IsEmpty)
        {
            return false;
        }

        var header = Vp9PayloadDescriptor.Write(payload, _position == 0, isLast, !_isKeyFrame, _pictureId);
        slice.CopyTo(payload[header..]);
        _position += slice.Length;
        length = header + slice.Length;
        return true;
    }

    // VP9 bitstream 6.2: frame marker (2 bits), profile (2, and a reserved one in profile 3), show_existing_frame, frame_type.
    private static bool IsKeyFrame(byte header)
    {
        var isProfile3 = (header & 0x30) == 0x30;
        return header >> 6 == 2 && (header & (isProfile3 ? 0x06 : 0x0C)) == 0;
    }
}
