using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Each video and audio codec that a browser has can be echoed.</summary>
internal sealed class CodecTests
{
    [TestCase(BrowserKind.Chromium, "video/VP8")]
    [TestCase(BrowserKind.Chromium, "video/VP9")]
    [TestCase(BrowserKind.Chromium, "video/H264")]
    [TestCase(BrowserKind.Chromium, "video/AV1")]
    [TestCase(BrowserKind.Firefox, "video/VP8")]
    [TestCase(BrowserKind.Firefox, "video/VP9")]
    public async Task Echoes_video_of_each_codec(BrowserKind kind, string mimeType)
    {
        await using var call = await Call.OpenAsync(kind, PreferringVideo(mimeType));
        await call.ConnectWithEchoedMediaAsync(Offerer.Browser, audio: false);

        await call.Browser.FramesGrowAsync(20);
        Assert.That(await ReceivedCodecAsync(call.Browser, "video"), Is.EqualTo(mimeType).IgnoreCase);
    }

    [TestCase(BrowserKind.Chromium, "audio/opus")]
    [TestCase(BrowserKind.Chromium, "audio/G722")]
    [TestCase(BrowserKind.Chromium, "audio/PCMU")]
    [TestCase(BrowserKind.Firefox, "audio/PCMA")]
    [TestCase(BrowserKind.Firefox, "audio/G722")]
    public async Task Echoes_audio_of_each_codec(BrowserKind kind, string mimeType)
    {
        await using var call = await Call.OpenAsync(kind, PreferringAudio(mimeType));
        await call.ConnectWithEchoedMediaAsync(Offerer.Browser, video: false);

        await call.Browser.AudioGrowsAsync();
        Assert.That(await ReceivedCodecAsync(call.Browser, "audio"), Is.EqualTo(mimeType).IgnoreCase);
    }

    private static PeerConnectionOptions PreferringVideo(string mimeType) =>
        PeerConnectionOptions.Default with { VideoCapabilities = Only(RtpCapabilities.DefaultVideo, mimeType) };

    private static PeerConnectionOptions PreferringAudio(string mimeType) =>
        PeerConnectionOptions.Default with { AudioCapabilities = Only(RtpCapabilities.DefaultAudio, mimeType) };

    private static RtpCapabilities Only(RtpCapabilities all, string mimeType) => all with { Codecs = [.. all.Codecs.Where(c => c.MimeType == mimeType)] };

    private static Task<string> ReceivedCodecAsync(BrowserPeer browser, string kind) => browser.Page.EvaluateAsync<string>(
        "async kind => { const report = await peer.pc.getStats(); const s = [...report.values()].find((x) => x.type === 'inbound-rtp' && x.kind === kind); return report.get(s.codecId).mimeType; }",
        kind);
}
