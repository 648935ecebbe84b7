using System.Buffers;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins VP8 frames (RFC 7741).</summary>
internal sealed class Vp8Depacketizer : IRtpDepacketizer
{
    private bool _isEmpty;
    private bool _isKeyFrame;

    public bool IsOnePacketPerFrame => false;

    public bool IsFrameStart(ReadOnlySpan<byte> payload) => Vp8PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor.IsFrameStart;

    public void Begin()
    {
        _isEmpty = true;
        _isKeyFrame = false;
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (!Vp8PayloadDescriptor.TryParse(payload, out var descriptor) || descriptor.Length == payload.Length || descriptor.IsFrameStart != _isEmpty)
        {
            return false;
        }

        var data = payload[descriptor.Length..];
        if (_isEmpty)
        {
            // RFC 6386 9.1: the lowest bit of the frame tag is clear in a key frame.
            _isKeyFrame = (data[0] & 0x01) == 0;
            _isEmpty = false;
        }

        frame.Write(data);
        return true;
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = _isKeyFrame;
        return !_isEmpty;
    }
}
