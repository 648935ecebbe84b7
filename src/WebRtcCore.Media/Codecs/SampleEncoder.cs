namespace WebRtcCore.Media;

/// <summary>Encodes sample by sample: G.711 and L16.</summary>
internal sealed class SampleEncoder(AudioFormat format, int frameSize, SampleCoding coding) : IAudioEncoder
{
    public AudioFormat Format => format;

    public int FrameSize => frameSize;

    public int MaxEncodedSize => frameSize * format.Channels * coding.BytesPerSample;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> encoded)
    {
        coding.Encode(pcm[..(frameSize * format.Channels)], encoded[..MaxEncodedSize]);
        return MaxEncodedSize;
    }

    public void SetTargetBitrate(long bitrateBps)
    {
    }

    public void SetExpectedLoss(double fraction)
    {
    }

    public void Dispose()
    {
    }
}
