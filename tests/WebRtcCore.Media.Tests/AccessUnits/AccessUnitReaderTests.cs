using WebRtcCore.Media.AccessUnits;

namespace WebRtcCore.Media.Tests.AccessUnits;

public sealed class AccessUnitReaderTests
{
    [Test]
    public async Task The_frames_of_a_call_are_cut_where_they_were_joined()
    {
        var frames = CapturedFrames.Read("plain-av-h264.pcap", "video/H264", 102);
        var file = frames.SelectMany(f => f.Data.ToArray()).ToArray();
        foreach (var stream in new Stream[] { new MemoryStream(file), new ForwardOnlyStream(file) })
        {
            var units = await new AccessUnitReader(stream, AccessUnitFormat.H264).ReadAllAsync().ToListAsync();
            Assert.That(units.Select(u => u.Data.ToArray()), Is.EqualTo(frames.Select(f => f.Data.ToArray())));
            Assert.That(units.Select(u => u.IsKeyFrame), Is.EqualTo(frames.Select(f => f.IsKeyFrame)));
        }
    }

    [Test]
    public async Task Several_slices_are_one_picture_and_parameter_sets_belong_to_the_next()
    {
        byte[] first = [0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 0x80, 7, 0, 0, 1, 0x65, 0x40, 7];
        byte[] second = [0, 0, 1, 0x41, 0x9A, 5];
        byte[] third = [0, 0, 0, 1, 0x09, 0xF0, 0, 0, 1, 0x41, 0xE0];
        var units = await new AccessUnitReader(new ForwardOnlyStream([.. first, .. second, .. third]), AccessUnitFormat.H264).ReadAllAsync().ToListAsync();
        Assert.That(units.Select(u => u.Data.ToArray()), Is.EqualTo(new[] { first, second, third }));
        Assert.That(units.Select(u => u.IsKeyFrame), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public async Task H265_is_cut_by_its_own_rules()
    {
        // VPS, SPS, IDR_W_RADL in two segments; TRAIL_R; prefix SEI and TRAIL_R.
        byte[] first = [0, 0, 0, 1, 0x40, 1, 9, 0, 0, 1, 0x42, 1, 9, 0, 0, 1, 0x26, 1, 0x80, 0, 0, 1, 0x26, 1, 0x20];
        byte[] second = [0, 0, 1, 0x02, 1, 0xA0];
        byte[] third = [0, 0, 1, 0x4E, 1, 5, 0, 0, 1, 0x02, 1, 0x90];
        var units = await new AccessUnitReader(new MemoryStream([.. first, .. second, .. third]), AccessUnitFormat.H265).ReadAllAsync().ToListAsync();
        Assert.That(units.Select(u => u.Data.ToArray()), Is.EqualTo(new[] { first, second, third }));
        Assert.That(units.Select(u => u.IsKeyFrame), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public async Task Rubbish_has_no_pictures()
    {
        var rubbish = new byte[200_000];
        new Random(3).NextBytes(rubbish);
        for (var length = 0; length < 300; length++)
        {
            await new AccessUnitReader(new MemoryStream(rubbish, 0, length), AccessUnitFormat.H264).ReadAllAsync().ToListAsync();
        }

        Assert.That(await new AccessUnitReader(new MemoryStream(new byte[300_000]), AccessUnitFormat.H265).ReadAllAsync().ToListAsync(), Is.Empty);
        await new AccessUnitReader(new MemoryStream(rubbish), AccessUnitFormat.H265).ReadAllAsync().ToListAsync();
    }
}
