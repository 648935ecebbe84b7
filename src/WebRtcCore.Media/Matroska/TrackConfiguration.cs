using WebRtcCore.Media.KeyFrames;
using WebRtcCore.Media.Ogg;
using WebRtcCore.Media.Wav;

namespace WebRtcCore.Media.Matroska;

/// <summary>What a file's header says of a track beyond its codec.</summary>
/// <param name="Private">The element CodecPrivate, or <see langword="null"/>.</param>
/// <param name="Size">The pictures; nothing for sound.</param>
internal sealed record TrackConfiguration(byte[]? Private, VideoSize Size = default)
{
    /// <summary>Of a track of sound.</summary>
    public static TrackConfiguration OfAudio(MatroskaCodec codec, int channels) => codec switch
    {
        MatroskaCodec.Opus => new TrackConfiguration(new OpusHead(channels).Write()),
        MatroskaCodec.Pcmu => new TrackConfiguration(WriteWaveFormat(WavEncoding.MuLaw, channels)),
        _ => new TrackConfiguration(WriteWaveFormat(WavEncoding.ALaw, channels)),
    };

    /// <summary>Of a track of pictures, from a frame of it.</summary>
    /// <returns><see langword="null"/> if this is no key frame with what is needed.</returns>
    public static TrackConfiguration? OfVideo(MatroskaCodec codec, ReadOnlySpan<byte> frame) => codec switch
    {
        MatroskaCodec.Vp8 => Vp8KeyFrame.TryRead(frame, out var size) ? new TrackConfiguration(null, size) : null,
        MatroskaCodec.Vp9 => Vp9KeyFrame.TryRead(frame, out var size) ? new TrackConfiguration(null, size) : null,
        MatroskaCodec.Av1 => Av1Configuration.TryMake(frame),
        _ => AvcConfiguration.TryMake(frame),
    };

    // WAVEFORMATEX, with an empty extension.
    private static byte[] WriteWaveFormat(WavEncoding encoding, int channels)
    {
        var bytes = new byte[WavHeader.FormatLength + sizeof(ushort)];
        WavHeader.WriteFormat(new WavFormat(MatroskaWriter.G711SampleRate, channels, encoding), bytes);
        return bytes;
    }
}
