using WebRtcCore.Media.Ogg;

namespace WebRtcCore.Media.Opus;

/// <summary>Decodes Opus with libopus. Not for several threads at once; decoding allocates nothing.</summary>
public sealed unsafe class OpusDecoder : IAudioDecoder
{
    // 48 frames of 1,275 bytes would be 61,200; no packet that fits in a datagram on a real path is longer than this.
    private const int MaxPacketLength = 8_192;

    private readonly OpusDecoderHandle _handle;

    /// <summary>Creates a decoder.</summary>
    /// <param name="format">The PCM wanted: 8, 12, 16, 24 or 48 kHz, mono or stereo, whatever was encoded.</param>
    /// <exception cref="DllNotFoundException">libopus is not installed; the message names the package.</exception>
    /// <exception cref="ArgumentException">The format is none of these.</exception>
    public OpusDecoder(AudioFormat format)
    {
        ThrowIfNotSupported(format);
        Format = format;
        _handle = new OpusDecoderHandle(OpusLibrary.DecoderCreate(format.SampleRate, format.Channels, out var error));
        if (_handle.IsInvalid)
        {
            throw new InvalidOperationException($"libopus made no decoder: error {error}.");
        }
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public int MaxFrameSize => Format.SampleRate * 120 / 1000;

    /// <inheritdoc/>
    public bool CanConceal => true;

    /// <inheritdoc/>
    public int GetFrameSize(ReadOnlySpan<byte> encoded) =>
        encoded.Length <= MaxPacketLength && OpusPacket.TryGetSamples(encoded, out var samples) ? (int)((long)samples * Format.SampleRate / OpusRates.Clock) : -1;

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> encoded, Span<short> pcm) =>
        GetFrameSize(encoded) is > 0 and var samples && samples * Format.Channels <= pcm.Length ? Decode(encoded, pcm, samples, decodeFec: 0) : -1;

    /// <inheritdoc/>
    public int Conceal(Span<short> pcm)
    {
        var samples = Math.Min(pcm.Length / Format.Channels, MaxFrameSize);

        // opus_decode: what is missing must be a multiple of 2.5 ms.
        samples -= samples % (Format.SampleRate / 400);
        return samples == 0 ? 0 : Math.Max(0, Decode(default, pcm, samples, decodeFec: 0));
    }

    /// <inheritdoc/>
    public int DecodeRedundancy(ReadOnlySpan<byte> following, Span<short> pcm)
    {
        var samples = pcm.Length / Format.Channels;
        return samples > 0 && samples <= MaxFrameSize && samples % (Format.SampleRate / 400) == 0 && GetFrameSize(following) > 0 && OpusRedundancy.IsIn(following)
            ? Math.Max(0, Decode(following, pcm, samples, decodeFec: 1))
            : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    internal static void ThrowIfNotSupported(AudioFormat format)
    {
        if (!OpusRates.IsSupported(format.SampleRate) || format.Channels is not (1 or 2))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "libopus takes 8, 12, 16, 24 or 48 kHz, one or two channels.");
        }
    }

    private int Decode(ReadOnlySpan<byte> encoded, Span<short> pcm, int samples, int decodeFec)
    {
        fixed (byte* source = encoded)
        fixed (short* destination = pcm)
        {
            return OpusLibrary.Decode(_handle, source, encoded.Length, destination, samples, decodeFec) is > 0 and var decoded ? decoded : -1;
        }
    }
}
