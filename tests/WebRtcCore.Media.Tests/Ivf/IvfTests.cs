using WebRtcCore.Media.Ivf;

namespace WebRtcCore.Media.Tests.Ivf;

public sealed class IvfTests
{
    [Test]
    public async Task The_frames_of_a_call_are_written_and_read()
    {
        var frames = CapturedFrames.Read("plain-av-vp8.pcap", "video/VP8", 96);
        using var stream = new MemoryStream();
        var header = new IvfHeader("VP80", 640, 480);
        await using (var writer = new IvfWriter(stream, header))
        {
            foreach (var frame in frames)
            {
                await writer.WriteAsync(new IvfFrame(frame.Data, frame.TimestampTicks - frames[0].TimestampTicks));
            }
        }

        var file = stream.ToArray();
        Assert.That(BitConverter.ToInt32(file, 24), Is.EqualTo(frames.Count), "The number of frames is in the header.");
        var reader = await IvfReader.OpenAsync(new ForwardOnlyStream(file));
        Assert.That(reader.Header, Is.EqualTo(header));
        var read = await reader.ReadFramesAsync().ToListAsync();
        Assert.That(read.Select(f => f.Data.ToArray()), Is.EqualTo(frames.Select(f => f.Data.ToArray())));
        Assert.That(read.Select(f => (uint)f.Timestamp), Is.EqualTo(frames.Select(f => f.TimestampTicks - frames[0].TimestampTicks)));
        Assert.That(reader.Header.ToTime(90_000), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_frame_that_is_cut_off_is_left_out_and_one_that_lies_is_refused()
    {
        using var stream = new MemoryStream();
        await using (var writer = new IvfWriter(stream, new IvfHeader("AV01", 16, 16)))
        {
            await writer.WriteAsync(new IvfFrame(new byte[10], 0));
            await writer.WriteAsync(new IvfFrame(new byte[10], 1));
        }

        var file = stream.ToArray();
        var reader = await IvfReader.OpenAsync(new MemoryStream(file[..^3]));
        Assert.That(await reader.ReadFramesAsync().ToListAsync(), Has.Count.EqualTo(1));

        file[35] = 0x7F;
        reader = await IvfReader.OpenAsync(new MemoryStream(file));
        Assert.That(async () => await reader.ReadFramesAsync().ToListAsync(), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => IvfReader.OpenAsync(new MemoryStream(file[..20])), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => IvfReader.OpenAsync(new MemoryStream(new byte[40])), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Video_that_no_header_can_describe_is_refused() =>
        Assert.That(() => new IvfWriter(new MemoryStream(), new IvfHeader("VP8", 1, 1)), Throws.ArgumentException);
}
