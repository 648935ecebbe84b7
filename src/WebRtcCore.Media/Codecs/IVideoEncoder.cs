using System.Buffers;

namespace WebRtcCore.Media;

/// <summary>Encodes one stream of pictures. Calls come one after another, not always from one thread.</summary>
public interface IVideoEncoder : IDisposable
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture, borrowed. Its size may differ from the one before.</param>
    /// <param name="forceKeyFrame">Whether it must become a key frame, because the peer asks for one.</param>
    /// <param name="encoded">Where the frame goes, in the form that <c>EncodedFrame.Data</c> asks for.</param>
    /// <param name="isKeyFrame">Whether a decoder can begin with it.</param>
    /// <returns><see langword="false"/> if the picture is left out, for example to keep to the bit rate.</returns>
    bool TryEncode(VideoPicture picture, bool forceKeyFrame, IBufferWriter<byte> encoded, out bool isKeyFrame);

    /// <summary>What to make from now on, in bits per second of payload, as congestion control finds it.</summary>
    void SetTargetBitrate(long bitrateBps);
}
