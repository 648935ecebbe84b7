using RecordToFile;

namespace WebRtcCore.Interop.Tests.Sample.Recordings;

/// <summary>Where the frames of a recording belong.</summary>
internal sealed class TimelineTests
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Each_track_runs_by_its_own_clock()
    {
        var line = new Timeline(TimeSpan.Zero);

        Assert.That(line.Place(MediaKind.Video, 1000, 90_000, null, Ms(500)), Is.EqualTo(Ms(0)));
        Assert.That(line.Place(MediaKind.Audio, 7, 48_000, null, Ms(510)), Is.EqualTo(Ms(10)));
        Assert.That(line.Place(MediaKind.Video, 1000 + 3000, 90_000, null, Ms(590)).TotalMilliseconds, Is.EqualTo(33.3).Within(0.1));
        Assert.That(line.Place(MediaKind.Audio, 7 + 960, 48_000, null, Ms(590)), Is.EqualTo(Ms(30)));
    }

    [Test]
    public void Timestamps_wrap_and_a_recording_goes_on_where_it_paused()
    {
        var line = new Timeline(Ms(4000));

        Assert.That(line.Place(MediaKind.Audio, uint.MaxValue - 479, 48_000, null, Ms(0)), Is.EqualTo(Ms(4000)));
        Assert.That(line.Place(MediaKind.Audio, 480, 48_000, null, Ms(20)), Is.EqualTo(Ms(4020)));
    }

    [Test]
    public void Pictures_are_moved_to_the_sound_of_their_capture_once_reports_tell_and_sound_is_not()
    {
        var line = new Timeline(TimeSpan.Zero);
        line.Place(MediaKind.Audio, 0, 48_000, null, Ms(0));

        // Captured together, but the picture took 80 ms longer.
        Assert.That(line.Place(MediaKind.Video, 0, 90_000, null, Ms(80)), Is.EqualTo(Ms(80)));
        Assert.That(line.Place(MediaKind.Audio, 9600, 48_000, Noon + Ms(200), Ms(200)), Is.EqualTo(Ms(200)));
        Assert.That(line.Place(MediaKind.Video, 18_000, 90_000, Noon + Ms(200), Ms(280)), Is.EqualTo(Ms(200)));
        Assert.That(line.Place(MediaKind.Video, 21_600, 90_000, Noon + Ms(240), Ms(320)), Is.EqualTo(Ms(240)));
    }

    [Test]
    public void Pictures_never_go_back_when_they_are_moved()
    {
        var line = new Timeline(TimeSpan.Zero);
        line.Place(MediaKind.Audio, 0, 48_000, Noon, Ms(0));
        var before = line.Place(MediaKind.Video, 0, 90_000, null, Ms(300));
        var after = line.Place(MediaKind.Video, 3600, 90_000, Noon + Ms(40), Ms(340));

        Assert.That(after, Is.GreaterThan(before).And.LessThan(before + Ms(5)));
    }

    [TestCase(1_000_000_000u)]
    [TestCase(3_500_000_000u)]
    public void Timestamps_that_begin_anew_do_not_move_the_recording(uint ticks)
    {
        var line = new Timeline(TimeSpan.Zero);
        line.Place(MediaKind.Video, 0, 90_000, null, Ms(0));

        Assert.That(line.Place(MediaKind.Video, ticks, 90_000, null, Ms(40)), Is.EqualTo(Ms(40)));
        Assert.That(line.Place(MediaKind.Video, ticks + 3600, 90_000, null, Ms(80)), Is.EqualTo(Ms(80)));
    }

    [Test]
    public void Reports_without_sense_move_pictures_by_three_seconds_at_most()
    {
        var line = new Timeline(TimeSpan.Zero);
        line.Place(MediaKind.Audio, 0, 48_000, Noon, Ms(0));

        Assert.That(line.Place(MediaKind.Video, 0, 90_000, Noon + TimeSpan.FromDays(9), Ms(0)), Is.EqualTo(Ms(3000)));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
