namespace WebRtcCore.Rtp.Payloads;

/// <summary>Audio whose frame is the payload: Opus (RFC 7587, 4.2), G.711, G.722 and L16 (RFC 3551), telephone events (RFC 4733).</summary>
internal sealed class AudioPacketizer : IRtpPacketizer
{
    private ReadOnlyMemory<byte> _frame;

    public bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize)
    {
        PayloadSlices.ThrowIfTooSmall(maxPayloadSize);
        _frame = frame.Length <= maxPayloadSize ? frame : default;
        return !_frame.IsEmpty;
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool isLast)
    {
        length = _frame.Length;
        isLast = true;
        _frame.Span.CopyTo(payload);
        _frame = default;
        return length > 0;
    }
}
