using WebRtcCore.Media.Audio;

namespace WebRtcCore.Media;

/// <summary>G.711 with both laws, <c>audio/PCMU</c> and <c>audio/PCMA</c> (RFC 3551): 8 kHz, mono, 64 kbit/s, frames of 20 ms.</summary>
public sealed class G711Codec : IAudioCodec
{
    private const int SampleRate = 8_000;

    private G711Codec()
    {
    }

    /// <summary>The one instance.</summary>
    public static G711Codec Instance { get; } = new();

    /// <inheritdoc/>
    public bool Supports(CodecFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format is { ClockRate: SampleRate, Channels: 1 } && (IsMuLaw(format) || format.IsType("audio/PCMA"));
    }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(CodecFormat format, AudioFormat source) => new SampleEncoder(new AudioFormat(SampleRate, 1), SampleRate / 50, MakeCoding(format));

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder(CodecFormat format, AudioFormat destination) => new SampleDecoder(new AudioFormat(SampleRate, 1), MakeCoding(format));

    private static bool IsMuLaw(CodecFormat format) => format.IsType("audio/PCMU");

    private static SampleCoding MakeCoding(CodecFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return IsMuLaw(format) ? new SampleCoding(1, MuLaw.Encode, MuLaw.Decode) : new SampleCoding(1, ALaw.Encode, ALaw.Decode);
    }
}
