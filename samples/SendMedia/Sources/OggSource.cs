using System.Runtime.CompilerServices;
using WebRtcCore;
using WebRtcCore.Media.Ogg;

namespace SendMedia.Sources;

/// <summary>Opus from an Ogg file.</summary>
internal sealed class OggSource(string path) : FileSource(path)
{
    public override bool HasAudio => true;

    /// <summary>The frames of an Ogg stream, from time zero.</summary>
    public static async IAsyncEnumerable<(SourceFrame Frame, TimeSpan Duration)> ReadPacketsAsync(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        var reader = await OggOpusReader.OpenAsync(stream, stop);
        long samples = 0;
        await foreach (var packet in reader.ReadPacketsAsync(stop))
        {
            OpusPacket.TryGetSamples(packet.Span, out int length);
            yield return (new SourceFrame(MediaKind.Audio, 0, packet, ToTime(samples), IsKeyFrame: true), ToTime(length));
            samples += length;
        }
    }

    protected override IAsyncEnumerable<(SourceFrame Frame, TimeSpan Duration)> ReadAsync(Stream stream, CancellationToken stop) => ReadPacketsAsync(stream, stop);

    private static TimeSpan ToTime(long samples) => TimeSpan.FromTicks(samples * TimeSpan.TicksPerSecond / OpusPacket.ClockRate);
}
