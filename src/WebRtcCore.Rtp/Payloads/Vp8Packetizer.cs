namespace WebRtcCore.Rtp.Payloads;

/// <summary>Cuts VP8 frames (RFC 7741). Partitions are not kept apart: all pieces count as the first one's, as senders commonly do.</summary>
internal sealed class Vp8Packetizer : IRtpPacketizer
{
    private ReadOnlyMemory<byte> _frame;
    private int _position;
    private int _sliceLength;
    private int _pictureId = -1;

    public bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize)
    {
        PayloadSlices.ThrowIfTooSmall(maxPayloadSize);
        _frame = frame;
        _position = 0;
        if (frame.IsEmpty)
        {
            return false;
        }

        _sliceLength = PayloadSlices.GetLength(frame.Length, maxPayloadSize - Vp8PayloadDescriptor.WrittenLength);
        _pictureId++;
        return true;
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool isLast)
    {
        var slice = _frame.Span[_position..Math.Min(_position + _sliceLength, _frame.Length)];
        length = slice.IsEmpty ? 0 : Vp8PayloadDescriptor.WrittenLength + slice.Length;
        if (!slice.IsEmpty)
        {
            Vp8PayloadDescriptor.Write(payload, _position == 0, _pictureId);
            slice.CopyTo(payload[Vp8PayloadDescriptor.WrittenLength..]);
        }

        _position += slice.Length;
        isLast = _position == _frame.Length;
        return length > 0;
    }
}
