namespace WebRtcCore.Media;

/// <summary>
/// Decodes one stream to pictures. What it is given comes from the network and may be anything: it throws nothing. Calls come one after another, not always from
/// one thread.
/// </summary>
public interface IVideoDecoder : IDisposable
{
    /// <summary>Decodes a frame.</summary>
    /// <param name="frame">The encoded frame, borrowed.</param>
    /// <param name="isKeyFrame">Whether it says of itself that a decoder can begin with it.</param>
    /// <param name="picture">The picture, <em>given</em>; with <see cref="VideoDecodeResult.Picture"/> only.</param>
    VideoDecodeResult Decode(ReadOnlySpan<byte> frame, bool isKeyFrame, out VideoPicture? picture);
}
