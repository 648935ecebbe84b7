using System.Runtime.CompilerServices;
using WebRtcCore;
using WebRtcCore.Media.AccessUnits;

namespace SendMedia.Sources;

/// <summary>H.264 from a byte stream (Annex B), which has no times of its own.</summary>
internal sealed class H264Source(string path, int frameRate) : FileSource(path)
{
    public override string? VideoMimeType => "video/H264";

    public override IReadOnlyList<VideoLayer> Layers => [new(0, 0)];

    protected override async IAsyncEnumerable<(SourceFrame Frame, TimeSpan Duration)> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        var duration = TimeSpan.FromSeconds(1.0 / frameRate);
        int count = 0;
        await foreach (var unit in new AccessUnitReader(stream, AccessUnitFormat.H264).ReadAllAsync(stop))
        {
            yield return (new SourceFrame(MediaKind.Video, 0, unit.Data, count++ * duration, unit.IsKeyFrame), duration);
        }
    }
}
