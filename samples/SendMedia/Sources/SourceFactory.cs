using WebRtcCore.Media.AccessUnits;
using WebRtcCore.Media.Ivf;
using WebRtcCore.Media.Ogg;

namespace SendMedia.Sources;

/// <summary>Finds what can play the source that the command line names.</summary>
internal static class SourceFactory
{
    /// <exception cref="SourceException">The file is not what it seems, or ffmpeg is needed and absent.</exception>
    public static async Task<IMediaSource> CreateAsync(SendOptions options)
    {
        try
        {
            switch (Path.GetExtension(options.Source).ToUpperInvariant())
            {
                case ".IVF":
                    await using (var stream = File.OpenRead(options.Source))
                    {
                        var reader = await IvfReader.OpenAsync(stream);
                        return new IvfSource(options.Source, reader.Header);
                    }

                case ".OGG" or ".OPUS":
                    await using (var stream = File.OpenRead(options.Source))
                    {
                        await OggOpusReader.OpenAsync(stream);
                        return new OggSource(options.Source);
                    }

                case ".H264" or ".264":
                    await using (var stream = File.OpenRead(options.Source))
                    {
                        bool isAny = await new AccessUnitReader(stream, AccessUnitFormat.H264).ReadAllAsync().AnyAsync(u => u.IsKeyFrame);
                        return isAny ? new H264Source(options.Source, options.FrameRate) : throw new InvalidDataException("It has no key frame.");
                    }

                default:
                    return await FfmpegSource.CreateAsync(options);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SourceException($"{options.Source} cannot be played: {e.Message}", e);
        }
    }
}
