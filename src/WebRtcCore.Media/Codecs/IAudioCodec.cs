namespace WebRtcCore.Media;

/// <summary>
/// Makes encoders and decoders of one or more audio codecs. Register it with <c>PeerConnectionOptions.AudioCodecs</c>: then tracks take PCM and receivers
/// give PCM wherever such a codec is negotiated. Its members may be called from any thread.
/// </summary>
public interface IAudioCodec
{
    /// <summary>Whether it knows what was negotiated.</summary>
    bool Supports(CodecFormat format);

    /// <summary>Creates an encoder.</summary>
    /// <param name="format">What was negotiated, with the parameters that the peer wants; supported.</param>
    /// <param name="source">The PCM that there is. The encoder may take another format: <see cref="IAudioEncoder.Format"/> is what counts.</param>
    IAudioEncoder CreateEncoder(CodecFormat format, AudioFormat source);

    /// <summary>Creates a decoder.</summary>
    /// <param name="format">What was negotiated; supported.</param>
    /// <param name="destination">The PCM that is wanted. The decoder may give another format: <see cref="IAudioDecoder.Format"/> is what counts.</param>
    IAudioDecoder CreateDecoder(CodecFormat format, AudioFormat destination);
}
