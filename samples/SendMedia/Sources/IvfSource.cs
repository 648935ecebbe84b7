using System.Runtime.CompilerServices;
using WebRtcCore;
using WebRtcCore.Media.Ivf;

namespace SendMedia.Sources;

/// <summary>VP8, VP9 or AV1 from an IVF file.</summary>
internal sealed class IvfSource(string path, IvfHeader header) : FileSource(path)
{
    public override string? VideoMimeType { get; } = header.Codec switch
    {
        "VP80" => "video/VP8",
        "VP90" => "video/VP9",
        "AV01" => "video/AV1",
        _ => throw new InvalidDataException($"Its codec {header.Codec} is none of VP80, VP90 and AV01."),
    };

    public override IReadOnlyList<VideoLayer> Layers => [new(header.Height, 0)];

    protected override async IAsyncEnumerable<(SourceFrame Frame, TimeSpan Duration)> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        var reader = await IvfReader.OpenAsync(stream, stop);
        var last = TimeSpan.Zero;
        TimeSpan? first = null;
        await foreach (var frame in reader.ReadFramesAsync(stop))
        {
            var time = reader.Header.ToTime(frame.Timestamp);
            first ??= time;
            time -= first.Value;
            yield return (new SourceFrame(MediaKind.Video, 0, frame.Data, time, frame.IsKeyFrame), time - last);
            last = time;
        }
    }
}
