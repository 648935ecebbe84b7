using WebRtcCore.Media;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>Pictures into one connection and out of the other, with a codec that the application has registered.</summary>
public sealed class VirtualPictureTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Pictures_arrive_with_key_frames_as_they_are_asked_for_and_the_bit_rate_reaches_the_encoder()
    {
        var codec = new TestVideoCodec();
        await using var peers = new VirtualPeers(LinkConditions.Good, configure: options => options with { VideoCodecs = [codec] });
        var track = new MediaStreamTrack(MediaKind.Video);
        peers.Pair.Offerer.AddTrack(track);
        await peers.ConnectAsync(Minute);

        // The first picture goes out before anybody reads: the reader has to ask for a key frame.
        track.WritePicture(new VideoPicture(64, 48));
        peers.RunUntil(() => false, TimeSpan.FromMilliseconds(100));
        await using var pictures = peers.Pair.Answerer.GetReceivers()[0].ReadPicturesAsync().GetAsyncEnumerator();
        var next = pictures.MoveNextAsync().AsTask();
        var brightness = (byte)0;
        var seen = new List<(int, int, byte)>();
        for (var i = 0; i < 200 && seen.Count < 20; i++)
        {
            var picture = new VideoPicture(64 + i, 48);
            picture.Y.Fill(++brightness);
            track.WritePicture(picture);
            peers.RunUntil(() => next.IsCompleted, TimeSpan.FromMilliseconds(33));
            if (next.IsCompleted)
            {
                Assert.That(await next, Is.True);
                seen.Add((pictures.Current.Width, pictures.Current.Height, pictures.Current.Y[0]));
                next = pictures.MoveNextAsync().AsTask();
            }
        }

        Assert.That(seen, Has.Count.EqualTo(20));
        Assert.That(seen.Select(p => p.Item1 - 63), Is.EqualTo(seen.Select(p => (int)p.Item3)), "size and brightness belong together");
        Assert.That(codec.KeyFramesForced, Is.Positive);
        Assert.That(codec.Targets, Is.Not.Empty.And.All.Positive);
        var report = peers.Pair.Offerer.GetStatsAsync();
        peers.RunUntil(() => report.IsCompleted, Minute);
        var source = (await report).GetAll<VideoSourceStats>().Single();
        var outbound = (await report).GetAll<OutboundRtpStreamStats>().Single();
        Assert.That((source.Frames, source.Width - 64, source.Height), Is.EqualTo((source.Width - 64 + 2, source.Frames - 2, 48)), "one picture first, and then one wider each time");
        Assert.That(outbound.FramesSent, Is.InRange(20, source.Frames!.Value));
    }
}
