using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Frames;

namespace WebRtcCore.Rtp.Tests.Frames;

public sealed class FrameSmoothnessTests
{
    [Test]
    public void Even_frames_are_no_freeze()
    {
        var smoothness = Play(Enumerable.Repeat(33, 100));
        Assert.That((smoothness.FreezeCount, smoothness.PauseCount), Is.EqualTo((0L, 0L)));
        Assert.That(smoothness.TotalInterFrameDelay, Is.EqualTo(TimeSpan.FromMilliseconds(3300)));
        Assert.That(smoothness.TotalSquaredInterFrameDelay, Is.EqualTo(100 * 0.033 * 0.033).Within(1e-9));
    }

    [Test]
    public void A_frame_150_ms_later_than_its_neighbours_is_a_freeze_and_five_seconds_are_a_pause()
    {
        int[] delays = [.. Enumerable.Repeat(33, 50), 182, .. Enumerable.Repeat(33, 50), 400, 6000, 33];
        var smoothness = Play(delays);
        Assert.That((smoothness.FreezeCount, smoothness.TotalFreezesDuration), Is.EqualTo((1L, TimeSpan.FromMilliseconds(400))));
        Assert.That((smoothness.PauseCount, smoothness.TotalPausesDuration), Is.EqualTo((1L, TimeSpan.FromMilliseconds(6000))));
    }

    private static FrameSmoothness Play(IEnumerable<int> delays)
    {
        var smoothness = new FrameSmoothness();
        var now = Instant.Zero + TimeSpan.FromSeconds(1);
        smoothness.OnFrame(now);
        foreach (var delay in delays)
        {
            now += TimeSpan.FromMilliseconds(delay);
            smoothness.OnFrame(now);
        }

        return smoothness;
    }
}
