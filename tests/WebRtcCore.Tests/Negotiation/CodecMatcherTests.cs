using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Tests.Negotiation;

public class CodecMatcherTests
{
    [TestCase("42e01f", nameof(H264Profile.ConstrainedBaseline))]
    [TestCase("42E034", nameof(H264Profile.ConstrainedBaseline))]
    [TestCase("4d801f", nameof(H264Profile.ConstrainedBaseline))]
    [TestCase("42001f", nameof(H264Profile.Baseline))]
    [TestCase("42000a", nameof(H264Profile.Baseline))]
    [TestCase("4d001f", nameof(H264Profile.Main))]
    [TestCase("64001f", nameof(H264Profile.High))]
    [TestCase("640c1f", nameof(H264Profile.ConstrainedHigh))]
    [TestCase("f4001f", nameof(H264Profile.PredictiveHigh444))]
    public void H264_profile_is_read_from_its_bytes(string text, string profile)
    {
        Assert.That(H264ProfileLevelId.TryParse(text, out var id), Is.True);
        Assert.That(id.Profile.ToString(), Is.EqualTo(profile));
    }

    [TestCase("")]
    [TestCase("42e0")]
    [TestCase("42e01f00")]
    [TestCase("42e0zz")]
    [TestCase("ffffff")]
    public void Unknown_h264_profile_is_refused(string text) => Assert.That(H264ProfileLevelId.TryParse(text, out _), Is.False);

    [TestCase("video/VP8", "", "video/vp8", "max-fs=12288;max-fr=60", true)]
    [TestCase("video/VP9", "profile-id=0", "video/VP9", "", true)]
    [TestCase("video/VP9", "profile-id=0", "video/VP9", "profile-id=2", false)]
    [TestCase("video/AV1", "level-idx=5;profile=0;tier=0", "video/AV1", "", true)]
    [TestCase("video/AV1", "level-idx=5;profile=0;tier=0", "video/AV1", "profile=1", false)]
    [TestCase("video/H264", "packetization-mode=1;profile-level-id=42e01f", "video/H264", "profile-level-id=42E00A; packetization-mode=1", true)]
    [TestCase("video/H264", "packetization-mode=1;profile-level-id=42e01f", "video/H264", "profile-level-id=42e01f", false)]
    [TestCase("video/H264", "packetization-mode=1;profile-level-id=42e01f", "video/H264", "packetization-mode=1;profile-level-id=42001f", false)]
    [TestCase("video/H264", "profile-level-id=42001f", "video/H264", "", true)]
    [TestCase("video/H264", "profile-level-id=42001f", "video/H264", "profile-level-id=nonsense", false)]
    [TestCase("video/VP8", "", "video/VP9", "", false)]
    public void Parameters_that_name_the_format_must_be_equal(string left, string leftFormat, string right, string rightFormat, bool expected) =>
        Assert.That(CodecMatcher.Matches(Video(left, leftFormat), Video(right, rightFormat)), Is.EqualTo(expected));

    [Test]
    public void Clock_rate_and_channels_count()
    {
        var opus = new RtpCodec("audio/opus", 48_000) { Channels = 2 };
        Assert.That(CodecMatcher.Matches(opus, opus with { SdpFmtpLine = "stereo=1" }), Is.True);
        Assert.That(CodecMatcher.Matches(opus, opus with { Channels = 1 }), Is.False);
        Assert.That(CodecMatcher.Matches(opus, opus with { ClockRate = 16_000 }), Is.False);
        Assert.That(CodecMatcher.Matches(new RtpCodec("audio/G722", 8_000), new RtpCodec("audio/G722", 8_000) { Channels = 1 }), Is.True);
    }

    [TestCase("level-asymmetry-allowed=1;", "42e034", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")]
    [TestCase("", "42e034", "level-asymmetry-allowed=0;packetization-mode=1;profile-level-id=42e01f")]
    [TestCase("", "42e00a", "level-asymmetry-allowed=0;packetization-mode=1;profile-level-id=42e00a")]
    public void H264_answer_takes_the_lower_level_unless_both_may_differ(string asymmetry, string offered, string expected)
    {
        var own = Video("video/H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");
        var theirs = Video("video/H264", $"{asymmetry}packetization-mode=1;profile-level-id={offered}");
        Assert.That(CodecMatcher.AnswerFormat(own, theirs), Is.EqualTo(expected));
    }

    private static RtpCodec Video(string mimeType, string format) => new(mimeType, 90_000) { SdpFmtpLine = format.Length == 0 ? null : format };
}
