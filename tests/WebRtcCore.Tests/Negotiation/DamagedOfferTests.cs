using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Negotiation;

/// <summary>Offers with a line lost, doubled or moved are either refused by name, without a trace, or negotiated to the end.</summary>
public class DamagedOfferTests
{
    [TestCase("chromium-chromium/av-data.1.offer.sdp")]
    [TestCase("chromium-chromium/simulcast3.1.offer.sdp")]
    [TestCase("firefox-firefox/bundle-max-bundle.1.offer.sdp")]
    [TestCase("firefox-firefox/simulcast3.1.offer.sdp")]
    [TestCase("firefox-firefox/stop-and-reuse.2.offer.sdp")]
    public void Damaged_offer_fails_cleanly_or_works(string name)
    {
        var lines = TestData.ReadText("corpus/sdp/" + name).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            Play([.. lines[..i], .. lines[(i + 1)..]]);
            Play([.. lines[..i], lines[i], .. lines[i..]]);
            Play([.. lines[..i], .. lines[(i + 1)..], lines[i]]);
            Play([.. lines[..i], lines[i].Split(':')[0], .. lines[(i + 1)..]]);
        }
    }

    [Test]
    public void Group_of_a_megabyte_is_refused_at_once()
    {
        var peer = new NegotiationPeer();
        var text = TestData.ReadText("corpus/sdp/chromium-chromium/av-data.1.offer.sdp");
        var huge = text.Replace("BUNDLE 0 1 2", "BUNDLE" + string.Concat(Enumerable.Repeat(" 0", 500_000)), StringComparison.Ordinal);
        Assert.That(() => peer.SetRemote(SdpType.Offer, huge), Throws.TypeOf<RtcException>());
    }

    [Test]
    public void Sections_sources_and_streams_are_bounded()
    {
        var head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE" + string.Concat(Enumerable.Range(0, 256).Select(i => $" {i}")) + "\r\n";
        var sections = string.Concat(Enumerable.Range(0, 256).Select(i =>
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa\r\na=fingerprint:sha-256 AA\r\na=setup:actpass\r\na=rtcp-mux\r\na=mid:" + i + "\r\n"));
        var flood = string.Concat(Enumerable.Range(1, 10_000).Select(i => $"a=ssrc:{i} cname:x\r\na=msid:{i} t\r\n"));
        var peer = new NegotiationPeer();
        var changes = peer.SetRemote(SdpType.Offer, head + sections + flood);
        peer.SetAnswer();
        Assert.That(peer.Transceivers, Has.Count.EqualTo(256));
        Assert.That(changes.AddedTracks[^1].Streams, Has.Count.EqualTo(16));
        Assert.That(peer.Session.Media[^1].RemoteSsrcs, Has.Count.EqualTo(64));
    }

    private static void Play(string[] lines)
    {
        var peer = new NegotiationPeer();
        peer.AddTrack(MediaKind.Video);
        try
        {
            peer.SetRemote(SdpType.Offer, string.Join("\r\n", lines) + "\r\n");
        }
        catch (RtcException)
        {
            Assert.That(peer.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
            Assert.That(peer.Transceivers, Has.Count.EqualTo(1));
            return;
        }

        var answer = peer.SetAnswer().Answer;
        NegotiationPeer.Parse(answer.Sdp);
        Assert.That(peer.Session.HasAnswer, Is.True);
    }
}
