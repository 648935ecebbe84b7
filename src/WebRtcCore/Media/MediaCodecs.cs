using WebRtcCore.Media;

namespace WebRtcCore;

/// <summary>Finds the registered codec for what was negotiated.</summary>
internal static class MediaCodecs
{
    public static CodecFormat ToFormat(RtpCodecParameters codec) =>
        new(codec.MimeType, codec.ClockRate) { Channels = codec.Channels ?? 1, SdpFmtpLine = codec.SdpFmtpLine };

    /// <summary>The first negotiated codec that is registered; what only makes media robust does not count.</summary>
    public static (RtpCodecParameters Parameters, IAudioCodec Codec)? FindAudio(IReadOnlyList<RtpCodecParameters> negotiated, IReadOnlyList<IAudioCodec> registered) =>
        Find(negotiated, registered, (codec, format) => codec.Supports(format));

    /// <summary>The first negotiated codec that is registered.</summary>
    public static (RtpCodecParameters Parameters, IVideoCodec Codec)? FindVideo(IReadOnlyList<RtpCodecParameters> negotiated, IReadOnlyList<IVideoCodec> registered) =>
        Find(negotiated, registered, (codec, format) => codec.Supports(format));

    private static (RtpCodecParameters Parameters, TCodec Codec)? Find<TCodec>(
        IReadOnlyList<RtpCodecParameters> negotiated, IReadOnlyList<TCodec> registered, Func<TCodec, CodecFormat, bool> supports)
    {
        foreach (var parameters in negotiated.Where(codec => !codec.IsResiliencyMechanism))
        {
            var format = ToFormat(parameters);
            foreach (var codec in registered)
            {
                if (supports(codec, format))
                {
                    return (parameters, codec);
                }
            }
        }

        return null;
    }
}
