using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Payloads;

/// <summary>Where a forwarder may change over to another stream.</summary>
public sealed class KeyFrameStartTests
{
    [TestCase("video/VP8", "10 00 00", true, TestName = "{m}(VP8 key frame)")]
    [TestCase("video/vp8", "90 80 85 01 00", true, TestName = "{m}(VP8 key frame with picture id)")]
    [TestCase("video/VP8", "10 01 00", false, TestName = "{m}(VP8 predicted frame)")]
    [TestCase("video/VP8", "00 00 00", false, TestName = "{m}(VP8 rest of a frame)")]
    [TestCase("video/VP8", "10", false, TestName = "{m}(VP8 without a frame)")]
    [TestCase("video/VP9", "88 05 00", true, TestName = "{m}(VP9 key frame)")]
    [TestCase("video/VP9", "C8 05 00", false, TestName = "{m}(VP9 predicted frame)")]
    [TestCase("video/VP9", "80 05 00", false, TestName = "{m}(VP9 rest of a frame)")]
    [TestCase("video/H264", "67 42 E0", true, TestName = "{m}(H.264 parameter set)")]
    [TestCase("video/H264", "78 00 02 67 42 00 02 68 CE", true, TestName = "{m}(H.264 parameter sets together)")]
    [TestCase("video/H264", "78 00 02 41 9A 00 02 41 9A", false, TestName = "{m}(H.264 slices together)")]
    [TestCase("video/H264", "7C 85 00", true, TestName = "{m}(H.264 first part of an IDR slice)")]
    [TestCase("video/H264", "7C 05 00", false, TestName = "{m}(H.264 further part of an IDR slice)")]
    [TestCase("video/H264", "78 00 09 67", false, TestName = "{m}(H.264 cut off)")]
    [TestCase("video/H265", "40 01 0C", true, TestName = "{m}(H.265 parameter set)")]
    [TestCase("video/H265", "62 01 93 00", true, TestName = "{m}(H.265 first part of an IDR slice)")]
    [TestCase("video/H265", "62 01 13 00", false, TestName = "{m}(H.265 further part)")]
    [TestCase("video/H265", "02 01 D0", false, TestName = "{m}(H.265 slice)")]
    [TestCase("video/AV1", "18 0A 01", true, TestName = "{m}(AV1 sequence)")]
    [TestCase("video/AV1", "10 32 01", false, TestName = "{m}(AV1 frame)")]
    [TestCase("audio/opus", "FC 01", true, TestName = "{m}(audio)")]
    [TestCase("video/unknown", "FC 01", false, TestName = "{m}(unknown)")]
    [TestCase("video/VP8", "", false, TestName = "{m}(empty)")]
    public void Key_frames_are_told_by_their_first_packet(string mimeType, string payload, bool expected) =>
        Assert.That(RtpPayloadFormats.StartsKeyFrame(mimeType, Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))), Is.EqualTo(expected));

    [Test]
    public void Any_bytes_are_taken([Values("video/VP8", "video/VP9", "video/H264", "video/H265", "video/AV1")] string mimeType)
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var payload = new byte[random.Next(0, 12)];
            random.NextBytes(payload);
            Assert.That(() => RtpPayloadFormats.StartsKeyFrame(mimeType, payload), Throws.Nothing);
        }
    }
}
