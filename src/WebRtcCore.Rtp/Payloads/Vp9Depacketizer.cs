using System.Buffers;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins VP9 pictures (RFC 9628): the frames of all their spatial layers, one behind the other.</summary>
internal sealed class Vp9Depacketizer : IRtpDepacketizer
{
    private bool _isEmpty;
    private bool _isInLayer;
    private bool _isKeyFrame;

    public bool IsOnePacketPerFrame => false;

    public bool IsFrameStart(ReadOnlySpan<byte> payload) => Vp9PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor.IsPictureStart;

    public void Begin()
    {
        _isEmpty = true;
        _isInLayer = false;
        _isKeyFrame = false;
    }

    public bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame)
    {
        if (!Vp9PayloadDescriptor.TryParse(payload, out var descriptor) || descriptor.Length == payload.Length || descriptor.IsStart == _isInLayer)
        {
            return false;
        }

        if (_isEmpty)
        {
            _isKeyFrame = !descriptor.IsInterPicture && descriptor.SpatialId == 0;
            _isEmpty = false;
        }

        _isInLayer = !descriptor.IsEnd;
        frame.Write(payload[descriptor.Length..]);
        return true;
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = _isKeyFrame;
        return !_isEmpty && !_isInLayer;
    }
}
