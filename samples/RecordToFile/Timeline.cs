using WebRtcCore;

namespace RecordToFile;

/// <summary>
/// Where frames belong in a file. Each track runs by its own RTP clock. How the tracks lie to each other follows from when they came, and, as soon as the
/// sender's reports tell, from when they were captured: sound keeps its place then, and pictures are moved.
/// </summary>
/// <param name="start">The place of the first frame.</param>
internal sealed class Timeline(TimeSpan start)
{
    private static readonly TimeSpan LeastStep = TimeSpan.FromMilliseconds(1);

    // A sender's reports may say anything; sound and pictures are never further apart than this.
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(3);

    private readonly Dictionary<MediaKind, TrackClock> _clocks = [];
    private TimeSpan? _origin;
    private TimeSpan _lastPicture = TimeSpan.MinValue;

    /// <summary>The place of the next frame of a track; those of one track only grow if its timestamps do.</summary>
    /// <param name="kind">The track.</param>
    /// <param name="ticks">The RTP timestamp.</param>
    /// <param name="clockRate">Its rate.</param>
    /// <param name="captured">The sender's wall clock when it was captured, if that is known.</param>
    /// <param name="arrived">When it came, by a clock of this process.</param>
    public TimeSpan Place(MediaKind kind, uint ticks, int clockRate, DateTimeOffset? captured, TimeSpan arrived)
    {
        if (!_clocks.TryGetValue(kind, out var clock))
        {
            _clocks[kind] = clock = new TrackClock(clockRate);
        }

        clock.Advance(ticks, captured, arrived);
        _origin ??= arrived;
        var place = start + clock.FirstArrived - _origin.Value + clock.Elapsed;
        if (kind == MediaKind.Video)
        {
            place += Skew();
            if (place <= _lastPicture && _lastPicture - place < MaxSkew)
            {
                place = _lastPicture + LeastStep;
            }

            _lastPicture = place;
        }

        return place < TimeSpan.Zero ? TimeSpan.Zero : place;
    }

    // How much later than by their arrival the pictures belong.
    private TimeSpan Skew()
    {
        if (!_clocks.TryGetValue(MediaKind.Audio, out var sound) || sound.FirstCaptured is not { } soundCaptured
            || _clocks[MediaKind.Video] is not { FirstCaptured: { } pictureCaptured } picture)
        {
            return TimeSpan.Zero;
        }

        var skew = pictureCaptured - soundCaptured - (picture.FirstArrived - sound.FirstArrived);
        return TimeSpan.FromTicks(Math.Clamp(skew.Ticks, -MaxSkew.Ticks, MaxSkew.Ticks));
    }
}
