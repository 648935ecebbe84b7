using System.Diagnostics;

namespace SendMedia.Sources;

/// <summary>A file whose frames are sent as they are, each at its time, over and over.</summary>
internal abstract class FileSource(string path) : IMediaSource
{
    // An empty round would spin.
    private static readonly TimeSpan LeastRound = TimeSpan.FromMilliseconds(100);

    public string Description => $"the file {Path.GetFileName(path)} as it is";

    public virtual string? VideoMimeType => null;

    public virtual IReadOnlyList<VideoLayer> Layers => [];

    public virtual bool HasAudio => false;

    public async Task RunAsync(Action<SourceFrame> publish, CancellationToken stop)
    {
        long begun = Stopwatch.GetTimestamp();
        var offset = TimeSpan.Zero;
        while (true)
        {
            var end = offset;
            try
            {
                await using var stream = File.OpenRead(path);
                await foreach (var (frame, duration) in ReadAsync(stream, stop))
                {
                    var time = offset + frame.Time;
                    var early = time - Stopwatch.GetElapsedTime(begun);
                    if (early > TimeSpan.Zero)
                    {
                        await Task.Delay(early, stop);
                    }

                    publish(frame with { Time = time });
                    end = time + duration;
                }
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                throw new SourceException($"{path} cannot be read on: {e.Message}", e);
            }

            offset = end - offset > LeastRound ? end : offset + LeastRound;
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The frames of the file from its beginning, with how long each lasts.</summary>
    protected abstract IAsyncEnumerable<(SourceFrame Frame, TimeSpan Duration)> ReadAsync(Stream stream, CancellationToken stop);
}
