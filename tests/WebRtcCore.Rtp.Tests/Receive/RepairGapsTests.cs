using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Rtp.Receive;

namespace WebRtcCore.Rtp.Tests.Receive;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RepairGapsTests
{
    private readonly RepairGaps _gaps = new();

    [Test]
    public void What_is_between_the_end_of_a_picture_and_the_start_of_the_next_is_no_media()
    {
        Assert.That(Add(10, picture: 7, isStart: true, isEnd: true), Is.Null);
        Assert.That(Add(13, picture: 8, isStart: true, isEnd: false), Is.EqualTo((10L, 13L)));
    }

    [Test]
    public void Picture_numbers_wrap()
    {
        Assert.That(Add(10, picture: 0x7FFF, isStart: true, isEnd: true), Is.Null);
        Assert.That(Add(12, picture: 0, isStart: true, isEnd: true), Is.EqualTo((10L, 12L)));
    }

    [Test]
    public void An_end_that_comes_after_the_next_start_shows_it_too()
    {
        Assert.That(Add(9, picture: 7, isStart: true, isEnd: false), Is.Null);
        Assert.That(Add(12, picture: 8, isStart: true, isEnd: true), Is.Null);
        Assert.That(Add(10, picture: 7, isStart: false, isEnd: true), Is.EqualTo((10L, 12L)));
    }

    [Test]
    public void Where_a_picture_or_its_edge_is_missing_nothing_is_known()
    {
        Assert.That(Add(10, picture: 7, isStart: true, isEnd: true), Is.Null);
        Assert.That(Add(13, picture: 9, isStart: true, isEnd: true), Is.Null, "Picture 8 is missing.");
        Assert.That(Add(16, picture: 10, isStart: false, isEnd: true), Is.Null, "The start of picture 10 is missing.");
        Assert.That(Add(17, picture: 11, isStart: true, isEnd: true), Is.Null, "There is no gap.");
    }

    [TestCase("video/H264")]
    [TestCase(null)]
    public void Nothing_is_known_of_formats_without_picture_numbers(string? mimeType)
    {
        Assert.That(Add(10, picture: 7, isStart: true, isEnd: true, mimeType), Is.Null);
        Assert.That(Add(13, picture: 8, isStart: true, isEnd: true, mimeType), Is.Null);
    }

    private (long After, long Before)? Add(long number, int picture, bool isStart, bool isEnd, string? mimeType = "video/VP8")
    {
        Span<byte> payload = stackalloc byte[20];
        Vp8PayloadDescriptor.Write(payload, isStart, picture);
        var bytes = new byte[100];
        var writer = new RtpPacketWriter(bytes, new Ssrc(1), new PayloadType(96), (ushort)number, 0, isEnd);
        writer.TryAddPayload(payload);
        Assert.That(RtpPacketView.TryParse(bytes.AsSpan(0, writer.Complete()), out var packet), Is.True);
        return _gaps.TryFind(packet, mimeType, number, out var after, out var before) ? (after, before) : null;
    }
}
