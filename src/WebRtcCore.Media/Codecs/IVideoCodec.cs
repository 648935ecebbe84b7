namespace WebRtcCore.Media;

/// <summary>
/// Makes encoders and decoders of one or more video codecs. None comes with this library: an application registers its own with
/// <c>PeerConnectionOptions.VideoCodecs</c>. Its members may be called from any thread.
/// </summary>
public interface IVideoCodec
{
    /// <summary>Whether it knows what was negotiated.</summary>
    bool Supports(CodecFormat format);

    /// <summary>Creates an encoder of what was negotiated; supported.</summary>
    IVideoEncoder CreateEncoder(CodecFormat format);

    /// <summary>Creates a decoder of what was negotiated; supported.</summary>
    IVideoDecoder CreateDecoder(CodecFormat format);
}
