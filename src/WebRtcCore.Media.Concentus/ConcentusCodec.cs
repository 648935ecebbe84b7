using Concentus;
using Concentus.Enums;

namespace WebRtcCore.Media.Concentus;

/// <summary>Opus (RFC 6716, 7587) with the managed package Concentus, to be registered with <c>PeerConnectionOptions.AudioCodecs</c>.</summary>
public sealed class ConcentusCodec : IAudioCodec
{
    /// <inheritdoc/>
    public bool Supports(CodecFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.IsType("audio/opus") && format.ClockRate == 48_000;
    }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(CodecFormat format, AudioFormat source)
    {
        ArgumentNullException.ThrowIfNull(format);
        var pcm = new AudioFormat(ChooseRate(source.SampleRate), format.GetParameter("stereo") == "1" ? source.Channels : 1);
        var encoder = OpusCodecFactory.CreateEncoder(pcm.SampleRate, pcm.Channels, OpusApplication.OPUS_APPLICATION_VOIP);
        encoder.UseInbandFEC = format.GetParameter("useinbandfec") == "1";
        encoder.UseDTX = format.GetParameter("usedtx") == "1";
        encoder.UseVBR = format.GetParameter("cbr") != "1";
        return new ConcentusEncoder(encoder, pcm);
    }

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder(CodecFormat format, AudioFormat destination)
    {
        var pcm = new AudioFormat(ChooseRate(destination.SampleRate), destination.Channels);
        return new ConcentusDecoder(OpusCodecFactory.CreateDecoder(pcm.SampleRate, pcm.Channels), pcm);
    }

    private static int ChooseRate(int rate) => rate switch { <= 8_000 => 8_000, <= 12_000 => 12_000, <= 16_000 => 16_000, <= 24_000 => 24_000, _ => 48_000 };
}
