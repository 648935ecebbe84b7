using WebRtcCore.Media.Matroska;

namespace WebRtcCore.Media.Tests.Matroska;

public sealed class MatroskaWriterTests
{
    private static readonly byte[] OpusSilence = [0xF8, 0xFF, 0xFE];

    // A VP8 key frame's first ten bytes: 64 x 48.
    private static readonly byte[] KeyFrame = [0x10, 0, 0, 0x9D, 0x01, 0x2A, 64, 0, 48, 0, 1, 2, 3];
    private static readonly byte[] DeltaFrame = [0x11, 0, 0, 5];

    [Test]
    public async Task A_file_has_its_duration_its_index_and_cues_that_point_to_clusters()
    {
        using var stream = new MemoryStream();
        stream.Write([1, 2, 3]);
        var writer = new MatroskaWriter(stream);
        var (video, audio) = (writer.AddTrack(MatroskaCodec.Vp8), writer.AddTrack(MatroskaCodec.Opus));
        for (var i = 0; i < 500; i++)
        {
            await writer.WriteAsync(audio, TimeSpan.FromMilliseconds(20 * i), OpusSilence, true);
            if (i % 2 == 0)
            {
                await writer.WriteAsync(video, TimeSpan.FromMilliseconds(20 * i), i % 100 == 0 ? KeyFrame : DeltaFrame, i % 100 == 0);
            }
        }

        await writer.CompleteAsync();
        Assert.That(writer.Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
        var file = MatroskaFile.Read(stream.ToArray()[3..]);
        Assert.That(file.DocType, Is.EqualTo("webm"));
        Assert.That(file.Duration, Is.EqualTo(10_000));
        Assert.That(file.IsSegmentLengthKnown, Is.True);
        Assert.That(file.SeekTargets, Is.EquivalentTo(new[] { 0x1549A966u, 0x1654AE6Bu, 0x1C53BB6Bu }), "Each entry of the index points to such an element.");
        Assert.That(file.Cues.Select(c => c.Time), Is.EqualTo(new[] { 0L, 2000, 4000, 6000, 8000 }));
        Assert.That(file.Cues.Select(c => c.ClusterTime), Is.EqualTo(file.Cues.Select(c => c.Time)));
        Assert.That(file.Blocks.Count(b => b.Track == video.Number), Is.EqualTo(250));
        Assert.That(file.Blocks.Where(b => b.Track == audio.Number).Select(b => b.Time), Is.EqualTo(Enumerable.Range(0, 500).Select(i => 20L * i)));
        Assert.That(file.Blocks.Where(b => b.Track == video.Number).Select(b => b.IsKeyFrame).Count(k => k), Is.EqualTo(5));
    }

    [Test]
    public async Task A_stream_that_cannot_seek_gets_a_file_that_can_be_played_from_the_beginning()
    {
        var stream = new ForwardOnlyStream();
        var writer = new MatroskaWriter(stream);
        var audio = writer.AddTrack(MatroskaCodec.Opus, 1);
        for (var i = 0; i < 300; i++)
        {
            await writer.WriteAsync(audio, TimeSpan.FromMilliseconds(20 * i), OpusSilence, true);
        }

        var before = MatroskaFile.Read(stream.Written);
        Assert.That(before.Blocks, Has.Count.EqualTo(200), "Clusters go out as they are full.");
        await writer.CompleteAsync();
        var file = MatroskaFile.Read(stream.Written);
        Assert.That(file.IsSegmentLengthKnown, Is.False);
        Assert.That(file.Blocks, Has.Count.EqualTo(300));
        Assert.That(file.Duration, Is.Null);
    }

    [Test]
    public async Task Sound_waits_for_the_first_key_frame_and_video_before_it_is_left_out()
    {
        using var stream = new MemoryStream();
        var writer = new MatroskaWriter(stream);
        var (video, audio) = (writer.AddTrack(MatroskaCodec.Vp8), writer.AddTrack(MatroskaCodec.Opus));
        await writer.WriteAsync(audio, TimeSpan.Zero, OpusSilence, true);
        await writer.WriteAsync(video, TimeSpan.FromMilliseconds(10), DeltaFrame, false);
        Assert.That(stream.Length, Is.Zero);
        await writer.WriteAsync(video, TimeSpan.FromMilliseconds(40), KeyFrame, true);
        Assert.That(stream.Length, Is.Positive);
        await writer.CompleteAsync();
        Assert.That((video.Frames, video.FramesDropped, audio.Frames), Is.EqualTo((1L, 1L, 1L)));
        Assert.That(MatroskaFile.Read(stream.ToArray()).Blocks.Select(b => (b.Track, b.Time)), Is.EqualTo(new[] { (2, 0L), (1, 40L) }));
    }

    [Test]
    public async Task A_track_without_a_key_frame_in_time_is_left_out_of_the_file()
    {
        using var stream = new MemoryStream();
        var writer = new MatroskaWriter(stream, new MatroskaWriterOptions { MaxHeaderDelay = TimeSpan.FromSeconds(1) });
        var (video, audio) = (writer.AddTrack(MatroskaCodec.H264), writer.AddTrack(MatroskaCodec.Opus));
        for (var i = 0; i < 100; i++)
        {
            await writer.WriteAsync(audio, TimeSpan.FromMilliseconds(20 * i), OpusSilence, true);
        }

        await writer.WriteAsync(video, TimeSpan.FromSeconds(2), KeyFrame, true);
        await writer.CompleteAsync();
        var file = MatroskaFile.Read(stream.ToArray());
        Assert.That(file.Tracks, Is.EqualTo(new[] { 2 }));
        Assert.That(file.Blocks, Has.Count.EqualTo(100));
        Assert.That(video.FramesDropped, Is.EqualTo(1));
    }

    [Test]
    public async Task Frames_within_a_millisecond_of_each_other_are_a_millisecond_apart_in_the_file()
    {
        using var stream = new MemoryStream();
        var writer = new MatroskaWriter(stream);
        var audio = writer.AddTrack(MatroskaCodec.Pcma);
        foreach (var microseconds in new[] { 40_000, 40_000, 40_400, 60_000 })
        {
            await writer.WriteAsync(audio, TimeSpan.FromMicroseconds(microseconds), new byte[160], true);
        }

        await writer.CompleteAsync();
        Assert.That(MatroskaFile.Read(stream.ToArray()).Blocks.Select(b => b.Time), Is.EqualTo(new[] { 40L, 41, 42, 60 }));
        Assert.That(audio.FramesDropped, Is.Zero);
    }

    [Test]
    public async Task A_frame_behind_a_later_one_of_its_track_is_left_out()
    {
        using var stream = new MemoryStream();
        var writer = new MatroskaWriter(stream);
        var audio = writer.AddTrack(MatroskaCodec.Pcma);
        await writer.WriteAsync(audio, TimeSpan.FromMilliseconds(40), new byte[160], true);
        await writer.WriteAsync(audio, TimeSpan.FromMilliseconds(20), new byte[160], true);
        await writer.WriteAsync(audio, TimeSpan.FromMinutes(2), new byte[160], true);
        await writer.CompleteAsync();
        var file = MatroskaFile.Read(stream.ToArray());
        Assert.That(file.DocType, Is.EqualTo("matroska"));
        Assert.That(file.Blocks.Select(b => b.Time), Is.EqualTo(new[] { 40L, 120_000 }));
        Assert.That(audio.FramesDropped, Is.EqualTo(1));
    }

    [Test]
    public async Task Mistakes_of_the_caller_are_refused()
    {
        var writer = new MatroskaWriter(new MemoryStream());
        var track = writer.AddTrack(MatroskaCodec.Opus);
        Assert.That(() => writer.AddTrack(MatroskaCodec.Opus, 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(async () => await new MatroskaWriter(new MemoryStream()).WriteAsync(track, TimeSpan.Zero, OpusSilence, true), Throws.ArgumentException);
        await writer.WriteAsync(track, TimeSpan.Zero, OpusSilence, true);
        Assert.That(() => writer.AddTrack(MatroskaCodec.Vp8), Throws.InvalidOperationException);
        await writer.CompleteAsync();
        await writer.CompleteAsync();
        Assert.That(async () => await writer.WriteAsync(track, TimeSpan.Zero, OpusSilence, true), Throws.InvalidOperationException);
        Assert.That(() => new MatroskaWriter(new MemoryStream(), new MatroskaWriterOptions { MaxClusterDuration = TimeSpan.Zero }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
