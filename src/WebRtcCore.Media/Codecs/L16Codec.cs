using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WebRtcCore.Media;

/// <summary>
/// Uncompressed PCM, <c>audio/L16</c> (RFC 3551, 4.5.11): 16-bit samples in network byte order at any rate, mono or stereo. Browsers do not offer it; add an
/// <c>RtpCodecCapability</c> to use it between programs of your own. 768 kbit/s for 48 kHz mono.
/// </summary>
public sealed class L16Codec : IAudioCodec
{
    // What fits in a packet of 1,200 bytes with headers, extensions and authentication.
    private const int MaxPayload = 1_000;
    private const int BytesPerSample = 2;

    // Frames last 20 ms, or as much as fits: whole numbers of milliseconds where the rate allows it.
    private static readonly int[] FramesPerSecond = [50, 100, 200, 400, 500, 1000];

    private L16Codec()
    {
    }

    /// <summary>The one instance.</summary>
    public static L16Codec Instance { get; } = new();

    /// <inheritdoc/>
    public bool Supports(CodecFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.IsType("audio/L16") && ToPcm(format).IsValid;
    }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(CodecFormat format, AudioFormat source)
    {
        var pcm = ToPcm(format);
        return new SampleEncoder(pcm, GetFrameSize(pcm), new SampleCoding(BytesPerSample, Write, Read));
    }

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder(CodecFormat format, AudioFormat destination) => new SampleDecoder(ToPcm(format), new SampleCoding(BytesPerSample, Write, Read));

    private static AudioFormat ToPcm(CodecFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return new AudioFormat(format.ClockRate, format.Channels);
    }

    private static int GetFrameSize(AudioFormat pcm)
    {
        foreach (var rate in FramesPerSecond)
        {
            if (pcm.SampleRate % rate == 0 && pcm.SampleRate / rate * pcm.Channels * BytesPerSample <= MaxPayload)
            {
                return pcm.SampleRate / rate;
            }
        }

        return MaxPayload / (pcm.Channels * BytesPerSample);
    }

    private static void Write(ReadOnlySpan<short> samples, Span<byte> encoded)
    {
        var words = MemoryMarshal.Cast<byte, short>(encoded);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(samples, words);
        }
        else
        {
            samples.CopyTo(words);
        }
    }

    private static void Read(ReadOnlySpan<byte> encoded, Span<short> samples)
    {
        var words = MemoryMarshal.Cast<byte, short>(encoded);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, samples);
        }
        else
        {
            words.CopyTo(samples);
        }
    }
}
