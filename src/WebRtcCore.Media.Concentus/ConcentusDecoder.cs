using Concentus;
using WebRtcCore.Media.Ogg;

namespace WebRtcCore.Media.Concentus;

/// <summary>Answers -1 where Concentus throws. Not for several threads at once.</summary>
internal sealed class ConcentusDecoder(IOpusDecoder decoder, AudioFormat format) : IAudioDecoder
{
    public AudioFormat Format => format;

    public int MaxFrameSize => format.SampleRate * 120 / 1000;

    public bool CanConceal => true;

    public int GetFrameSize(ReadOnlySpan<byte> encoded) =>
        OpusPacket.TryGetSamples(encoded, out var samples) ? (int)((long)samples * format.SampleRate / OpusPacket.ClockRate) : -1;

    public int Decode(ReadOnlySpan<byte> encoded, Span<short> pcm) => GetFrameSize(encoded) is > 0 and var samples ? Decode(encoded, pcm, samples, false) : -1;

    public int Conceal(Span<short> pcm) => Math.Max(0, Decode(default, pcm, Math.Min(pcm.Length / format.Channels, MaxFrameSize), false));

    // Without redundancy in the packet, Concentus conceals.
    public int DecodeRedundancy(ReadOnlySpan<byte> following, Span<short> pcm) => Math.Max(0, Decode(following, pcm, pcm.Length / format.Channels, true));

    public void Dispose() => decoder.Dispose();

    private int Decode(ReadOnlySpan<byte> encoded, Span<short> pcm, int samples, bool redundancy)
    {
        try
        {
            return decoder.Decode(encoded, pcm, samples, redundancy);
        }
        catch (OpusException)
        {
            return -1;
        }
    }
}
