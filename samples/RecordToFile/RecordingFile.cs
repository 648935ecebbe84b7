using WebRtcCore;
using WebRtcCore.Media.Matroska;

namespace RecordToFile;

/// <summary>One file that is being written.</summary>
internal sealed class RecordingFile : IAsyncDisposable
{
    // So much is lost if the process is killed: the least that a cluster may be is more bytes for nothing.
    private static readonly MatroskaWriterOptions WriterOptions = new() { MaxClusterDuration = TimeSpan.FromSeconds(1) };

    private readonly FileStream _stream;
    private readonly MatroskaWriter _writer;
    private readonly MatroskaTrack? _video;
    private readonly MatroskaTrack? _audio;
    private byte[] _parameterSet = [];

    private RecordingFile(FileStream stream, MatroskaCodec? video, MatroskaCodec? audio)
    {
        _stream = stream;
        _writer = new MatroskaWriter(stream, WriterOptions);
        _video = video is { } v ? _writer.AddTrack(v) : null;
        _audio = audio is { } a ? _writer.AddTrack(a) : null;
    }

    public string Name => Path.GetFileName(_stream.Name);

    public bool HasVideo => _video is not null;

    public TimeSpan Duration => _writer.Duration;

    /// <summary>The bytes of frames, and how many there were.</summary>
    public long VideoBytes { get; private set; }

    public long AudioBytes { get; private set; }

    public long VideoFrames => _video?.Frames ?? 0;

    public long Bytes { get; private set; }

    /// <summary>Creates a file for tracks of these codecs; either may be missing, or be one that has no place in such a file.</summary>
    /// <param name="pathWithoutExtension">Where; no file is ever overwritten.</param>
    /// <param name="video">The codec of the pictures.</param>
    /// <param name="audio">The codec of the sound.</param>
    public static RecordingFile Create(string pathWithoutExtension, RtpCodecParameters? video, RtpCodecParameters? audio)
    {
        var (v, a) = (ToCodec(video), ToCodec(audio));
        bool isWebM = v is not MatroskaCodec.H264 && a is null or MatroskaCodec.Opus;
        var stream = new FileStream(pathWithoutExtension + (isWebM ? ".webm" : ".mkv"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16, useAsync: true);
        return new RecordingFile(stream, v, a);
    }

    /// <summary>Whether a frame can go on in this file, or needs one of its own: another codec, or a picture that this file's header does not describe.</summary>
    public bool Takes(MediaKind kind, EncodedFrame frame)
    {
        var track = kind == MediaKind.Video ? _video : _audio;
        if (track is null || ToCodec(frame.Codec) != track.Codec)
        {
            return track is null && ToCodec(frame.Codec) is null;
        }

        if (track.Codec != MatroskaCodec.H264 || !frame.IsKeyFrame)
        {
            return true;
        }

        var parameterSet = FindParameterSet(frame.Data.Span);
        if (_parameterSet.Length == 0)
        {
            _parameterSet = parameterSet.ToArray();
        }

        return parameterSet.IsEmpty || parameterSet.SequenceEqual(_parameterSet);
    }

    public async ValueTask WriteAsync(MediaKind kind, TimeSpan place, EncodedFrame frame)
    {
        if ((kind == MediaKind.Video ? _video : _audio) is not { } track)
        {
            return;
        }

        await _writer.WriteAsync(track, place, frame.Data, frame.IsKeyFrame);
        Bytes = _stream.Length;
        if (kind == MediaKind.Video)
        {
            VideoBytes += frame.Data.Length;
        }
        else
        {
            AudioBytes += frame.Data.Length;
        }
    }

    /// <summary>Completes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _writer.DisposeAsync();
            Bytes = _stream.Length;
        }
        finally
        {
            await _stream.DisposeAsync();
        }
    }

    private static MatroskaCodec? ToCodec(RtpCodecParameters? codec) => codec?.MimeType.ToUpperInvariant() switch
    {
        "VIDEO/VP8" => MatroskaCodec.Vp8,
        "VIDEO/VP9" => MatroskaCodec.Vp9,
        "VIDEO/AV1" => MatroskaCodec.Av1,
        "VIDEO/H264" => MatroskaCodec.H264,
        "AUDIO/OPUS" => MatroskaCodec.Opus,
        "AUDIO/PCMU" => MatroskaCodec.Pcmu,
        "AUDIO/PCMA" => MatroskaCodec.Pcma,
        _ => null,
    };

    // The sequence parameter set, with the size of the picture, is NAL unit type 7 behind a start code.
    private static ReadOnlySpan<byte> FindParameterSet(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> startCode = [0, 0, 1];
        while (frame.IndexOf(startCode) is >= 0 and var at && at + startCode.Length < frame.Length)
        {
            frame = frame[(at + startCode.Length)..];
            if ((frame[0] & 0x1F) == 7)
            {
                int end = frame.IndexOf(startCode);
                return (end < 0 ? frame : frame[..end]).TrimEnd((byte)0);
            }
        }

        return [];
    }
}
