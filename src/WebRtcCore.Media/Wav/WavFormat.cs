namespace WebRtcCore.Media.Wav;

/// <summary>What the samples of a WAV file are.</summary>
/// <param name="SampleRate">Samples of each channel per second, in Hz.</param>
/// <param name="Channels">Channels, interleaved.</param>
/// <param name="Encoding">How each sample is coded.</param>
public sealed record WavFormat(int SampleRate, int Channels, WavEncoding Encoding = WavEncoding.Pcm16)
{
    internal const int MaxSampleRate = 768_000;
    internal const int MaxChannels = 64;

    /// <summary>Bits of one sample.</summary>
    public int BitsPerSample => Encoding switch
    {
        WavEncoding.Pcm16 => 16,
        WavEncoding.IeeeFloat => 32,
        _ => 8,
    };

    /// <summary>Bytes of one sample of all channels.</summary>
    public int BlockAlign => Channels * BitsPerSample / 8;

    /// <summary>Bytes per second.</summary>
    public int ByteRate => SampleRate * BlockAlign;

    internal bool IsValid => SampleRate is > 0 and <= MaxSampleRate && Channels is > 0 and <= MaxChannels && Enum.IsDefined(Encoding);
}
