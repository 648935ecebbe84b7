using System.Buffers;
using WebRtcCore.Rtp.Frames;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins VP9 pictures (RFC 9628): the frames of all their spatial layers, one behind the other.</summary>
internal sealed class Vp9Depacketizer : IRtpDepacketizer, IFrameDescription
{
    private bool _isEmpty;
    private bool _isInLayer;
    private bool _isKeyFrame;

    public FrameLayers Layers { get; private set; }

    public bool IsOnePacketPerFrame => false;

    public bool IsFrameStart(ReadOnlySpan<byte> payload) => Vp9PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor.IsPictureStart;

    public (int Number, int Bits)? PeekNumber(ReadOnlySpan<byte> payload) =>
        Vp9PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor is { IsPictureStart: true, PictureId: { } number }
            ? (number, descriptor.PictureIdBits)
            : null;

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
            Layers = default;
        }

        if (!_isInLayer)
        {
            AddLayer(descriptor);
        }

        _isInLayer = !descriptor.IsEnd;
        frame.Write(payload[descriptor.Length..]);
        return true;
    }

    // The picture needs what any of its layers needs.
    private void AddLayer(in Vp9PayloadDescriptor descriptor)
    {
        var references = Layers.References;
        for (var i = 0; i < descriptor.References.Count; i++)
        {
            references.TryAdd(descriptor.References[i]);
        }

        Layers = new FrameLayers
        {
            Number = descriptor.PictureId,
            NumberBits = descriptor.PictureIdBits,
            TemporalId = descriptor.TemporalId,
            SpatialId = descriptor.SpatialId,
            TemporalBaseIndex = descriptor.TemporalBaseIndex,
            IsLayerSync = descriptor.IsLayerSync,
            References = references,
            HasReferences = descriptor.IsFlexible && descriptor.PictureId is not null,
        };
    }

    public bool TryComplete(out bool isKeyFrame)
    {
        isKeyFrame = _isKeyFrame;
        return !_isEmpty && !_isInLayer;
    }
}
