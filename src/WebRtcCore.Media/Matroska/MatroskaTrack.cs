namespace WebRtcCore.Media.Matroska;

/// <summary>A track of a file that is being written; see <see cref="MatroskaWriter.AddTrack(MatroskaCodec)"/>.</summary>
public sealed class MatroskaTrack
{
    internal MatroskaTrack(int number, MatroskaCodec codec, int channels)
    {
        Number = number;
        Codec = codec;
        Channels = channels;
        Configuration = IsVideo ? null : TrackConfiguration.OfAudio(codec, channels);
    }

    /// <summary>Its number in the file, from 1.</summary>
    public int Number { get; }

    /// <summary>Its codec.</summary>
    public MatroskaCodec Codec { get; }

    /// <summary>Channels of sound; 0 for video.</summary>
    public int Channels { get; }

    /// <summary>Whether it has pictures.</summary>
    public bool IsVideo => Codec is MatroskaCodec.Vp8 or MatroskaCodec.Vp9 or MatroskaCodec.Av1 or MatroskaCodec.H264;

    /// <summary>Frames written.</summary>
    public long Frames { get; internal set; }

    /// <summary>Frames that could not be decoded, or came behind later ones, and were left out.</summary>
    public long FramesDropped { get; internal set; }

    /// <summary>What the header says of it; of video known with the first key frame.</summary>
    internal TrackConfiguration? Configuration { get; set; }

    /// <summary>Whether the header has been written without it: no key frame came in time.</summary>
    internal bool IsLeftOut { get; set; }

    internal TimeSpan? LastTimestamp { get; set; }

    internal TimeSpan LastDuration { get; set; }

    /// <summary>The earliest time of the next frame in the file, in milliseconds.</summary>
    internal long NextTick { get; set; }

    internal bool IsWebM => Codec is MatroskaCodec.Vp8 or MatroskaCodec.Vp9 or MatroskaCodec.Av1 or MatroskaCodec.Opus;
}
