using System.Buffers;
using WebRtcCore.Rtp.Frames;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins VP8 frames (RFC 7741).</summary>
internal sealed class Vp8Depacketizer : IRtpDepacketizer, IFrameDescription
{
    private bool _isEmpty;
    private bool _isKeyFrame;

    public FrameLayers Layers { get; private set; }

    public bool IsOnePacketPerFrame => false;

    public bool IsFrameStart(ReadOnlySpan<byte> payload) => Vp8PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor.IsFrameStart;

    public (int Number, int Bits)? PeekNumber(ReadOnlySpan<byte> payload) =>
        Vp8PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor is { IsFrameStart: true, PictureId: { } number }
            ? (number, descriptor.PictureIdBits)
            : null;

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
            Layers = new FrameLayers
            {
                Number = descriptor.PictureId,
                NumberBits = descriptor.PictureIdBits,
                TemporalId = descriptor.TemporalId ?? 0,
                TemporalBaseIndex = descriptor.TemporalBaseIndex,
                IsLayerSync = descriptor.IsLayerSync,
            };
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
