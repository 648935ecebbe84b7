namespace WebRtcCore.Media;

/// <summary>Decodes sample by sample: G.711 and L16.</summary>
internal sealed class SampleDecoder(AudioFormat format, SampleCoding coding) : IAudioDecoder
{
    private int BytesPerMoment => coding.BytesPerSample * format.Channels;

    public AudioFormat Format => format;

    // RFC 3551 4.2: a receiver should take packets of up to 200 ms.
    public int MaxFrameSize => format.SampleRate / 5;

    public bool CanConceal => false;

    public int GetFrameSize(ReadOnlySpan<byte> encoded) =>
        encoded.IsEmpty || encoded.Length % BytesPerMoment != 0 || encoded.Length / BytesPerMoment > MaxFrameSize ? -1 : encoded.Length / BytesPerMoment;

    public int Decode(ReadOnlySpan<byte> encoded, Span<short> pcm)
    {
        var samples = GetFrameSize(encoded);
        if (samples > 0)
        {
            coding.Decode(encoded, pcm[..(samples * format.Channels)]);
        }

        return samples;
    }

    public int Conceal(Span<short> pcm) => 0;

    public int DecodeRedundancy(ReadOnlySpan<byte> following, Span<short> pcm) => 0;

    public void Dispose()
    {
    }
}
