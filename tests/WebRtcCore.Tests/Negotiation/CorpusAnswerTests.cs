using WebRtcCore.Sdp;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Negotiation;

/// <summary>Answers to what Chromium and Firefox really offered.</summary>
public class CorpusAnswerTests
{
    private static readonly string Root = TestData.Path("corpus/sdp");

    private static IEnumerable<string> FirstOffers => Names("*.1.offer.sdp");

    private static IEnumerable<string> LaterRounds => Names("*.2.offer.sdp").Where(n => !n.Contains("from-answerer", StringComparison.Ordinal));

    [TestCaseSource(nameof(FirstOffers))]
    public void Offer_of_a_browser_is_answered(string name)
    {
        // The offer without rtcp-mux is the munged one; as it was made, it is like any other.
        var offerText = Read(name);
        var peer = new NegotiationPeer();
        var changes = peer.SetRemote(SdpType.Offer, offerText);
        var offer = NegotiationPeer.Parse(offerText);
        Assert.That(changes.AddedTracks, Has.Count.EqualTo(offer.Media.Count(m => m.IsRtp && offer.GetDirection(m).IsSending())));
        AssertAnswer(offer, peer);
    }

    [TestCaseSource(nameof(FirstOffers))]
    public void Offer_of_a_browser_is_answered_with_own_tracks_in_it(string name)
    {
        var peer = new NegotiationPeer();
        peer.AddTrack(MediaKind.Audio);
        peer.AddTrack(MediaKind.Video);
        peer.SetRemote(SdpType.Offer, Read(name));
        var offer = NegotiationPeer.Parse(Read(name));
        AssertAnswer(offer, peer);
        foreach (var kind in new[] { "audio", "video" })
        {
            if (offer.Media.FirstOrDefault(m => m.Kind == kind && offer.GetDirection(m).IsReceiving()) is { } line)
            {
                Assert.That(peer.Session.Media.Single(m => m.Mid == line.Mid).CanSend, Is.True);
            }
        }
    }

    [TestCaseSource(nameof(LaterRounds))]
    public void Later_offers_of_a_browser_are_answered(string name)
    {
        var peer = new NegotiationPeer();
        for (var round = 1; ; round++)
        {
            var path = name.Replace(".2.offer", $".{round}.offer", StringComparison.Ordinal);
            if (!File.Exists(Path.Combine(Root, path)))
            {
                break;
            }

            peer.SetRemote(SdpType.Offer, Read(path));
            AssertAnswer(NegotiationPeer.Parse(Read(path)), peer);
        }
    }

    [TestCase("chromium-chromium", SdpSetupRole.Passive)]
    [TestCase("firefox-firefox", SdpSetupRole.Passive)]
    public void Active_offer_is_answered_passive(string folder, SdpSetupRole expected) => AssertSetup($"{folder}/offer-active.1.offer-munged.sdp", expected);

    [TestCase("chromium-chromium", SdpSetupRole.Active)]
    [TestCase("firefox-firefox", SdpSetupRole.Active)]
    public void Passive_offer_is_answered_active(string folder, SdpSetupRole expected) => AssertSetup($"{folder}/offer-passive.1.offer-munged.sdp", expected);

    [TestCase("chromium-chromium")]
    [TestCase("chromium-firefox")]
    [TestCase("firefox-firefox")]
    public void Offer_without_rtcp_mux_is_refused_and_changes_nothing(string folder)
    {
        var peer = new NegotiationPeer();
        Assert.That(
            () => peer.SetRemote(SdpType.Offer, Read($"{folder}/norid-nortcpmux-munged.1.offer-munged.sdp")),
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidAccessError"));
        Assert.That(peer.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
        Assert.That(peer.Transceivers, Is.Empty);
    }

    [TestCase("chromium-chromium")]
    [TestCase("firefox-firefox")]
    public void Offer_without_bundle_gets_its_first_section_only(string folder)
    {
        var peer = new NegotiationPeer();
        peer.SetRemote(SdpType.Offer, Read($"{folder}/nobundle-munged.1.offer-munged.sdp"));
        var answer = NegotiationPeer.Parse(peer.SetAnswer().Answer.Sdp);
        Assert.That(answer.GetBundleGroup(), Is.Null);
        Assert.That(answer.Media.Select(m => m.IsRejected), Is.EqualTo(new[] { false, true, true }));
        Assert.That(peer.Session.Media.Select(m => m.Mid), Is.EqualTo(new[] { "0" }));
        Assert.That(peer.Session.Data, Is.Null);
    }

    [Test]
    public void Chromium_call_is_negotiated_with_its_payload_types_ids_and_sources()
    {
        var peer = new NegotiationPeer();
        peer.AddTrack(MediaKind.Audio);
        peer.AddTrack(MediaKind.Video);
        peer.SetRemote(SdpType.Offer, Read("chromium-chromium/av-data.1.offer.sdp"));
        peer.SetAnswer();
        var offer = NegotiationPeer.Parse(Read("chromium-chromium/av-data.1.offer.sdp"));
        var (audio, video) = (peer.Session.Media[0], peer.Session.Media[1]);
        Assert.Multiple(() =>
        {
            Assert.That(audio.SendCodecs.Select(c => c.PayloadType), Is.EqualTo(new[] { 111, 63, 9, 0, 8, 110, 126 }));
            Assert.That(audio.ReceiveCodecs.Select(c => c.PayloadType), Is.EqualTo(new[] { 111, 63, 9, 0, 8, 110, 126 }));
            Assert.That(video.SendCodecs[0].MimeType, Is.EqualTo("video/VP8"));
            Assert.That(video.SendCodecs[0].RtcpFeedback, Is.EquivalentTo(new[] { "goog-remb", "transport-cc", "ccm fir", "nack", "nack pli" }));
            Assert.That((video.SendCodecs[1].PayloadType, video.SendCodecs[1].AssociatedPayloadType), Is.EqualTo((97, 96)));
            Assert.That(video.SendCodecs.Where(c => c.Name == "VP9").Select(c => c.PayloadType), Is.EqualTo(new[] { 98 }));
            Assert.That(video.SendCodecs.Where(c => c.Name == "H264").Select(c => c.PayloadType), Is.EquivalentTo(new[] { 102, 108, 114 }));
            Assert.That(video.HeaderExtensions.Single(e => e.Uri.EndsWith("toffset", StringComparison.Ordinal)).Id, Is.EqualTo(14));
            Assert.That(video.HeaderExtensions.Single(e => e.Uri.EndsWith("sdes:mid", StringComparison.Ordinal)).Id, Is.EqualTo(4));
            Assert.That(video.RemoteRtxSsrcs, Has.Count.EqualTo(1));
            Assert.That(video.RemoteSsrcs, Has.Count.EqualTo(2));
            Assert.That(video.ReducedSizeRtcp, Is.True);
            Assert.That(peer.Session.Data!.RemoteMaxMessageSize, Is.EqualTo(262_144));
            Assert.That(peer.Session.Transport!.RemoteIce.UsernameFragment, Is.EqualTo(offer.Media[0].Attributes.GetValue("ice-ufrag")));
            Assert.That(peer.Session.Transport.RemoteCandidates, Has.Count.EqualTo(offer.Media[0].Attributes.GetValues("candidate").Count()));
            Assert.That(peer.Session.Transport.RemoteCandidates, Is.All.StartsWith("candidate:"));
            Assert.That(peer.Session.Transport.DtlsRole, Is.EqualTo(DtlsRole.Client));
            Assert.That(peer.Transceivers[0].Receiver.Rtcp.Cname, Is.Not.Empty);
        });
    }

    [Test]
    public void Firefox_simulcast_is_received_by_its_rids()
    {
        var peer = new NegotiationPeer();
        peer.SetRemote(SdpType.Offer, Read("firefox-firefox/simulcast3.1.offer.sdp"));
        var answer = NegotiationPeer.Parse(peer.SetAnswer().Answer.Sdp);
        Assert.That(answer.Media[0].Attributes.GetValue("simulcast"), Is.EqualTo("recv h;m;l"));
        Assert.That(answer.Media[0].Attributes.GetValues("rid"), Is.EqualTo(new[] { "h recv", "m recv", "l recv" }));
        Assert.That(answer.Media[0].Attributes.GetAll<SdpExtensionMap>().Single(e => e.Uri.EndsWith(":rtp-stream-id", StringComparison.Ordinal)).Direction, Is.EqualTo(SdpDirection.RecvOnly));
        Assert.That(peer.Session.Media[0].RemoteRids, Is.EqualTo(new[] { "h", "m", "l" }));
        Assert.That(peer.Session.Media[0].SendCodecs.Select(c => c.Name), Does.Contain("red").And.Contain("ulpfec"));
    }

    [Test]
    public void Own_offer_after_a_firefox_offer_keeps_its_numbers()
    {
        var peer = new NegotiationPeer();
        peer.SetRemote(SdpType.Offer, Read("firefox-firefox/av.1.offer.sdp"));
        peer.SetAnswer();
        var offer = NegotiationPeer.Parse(peer.Offer().Sdp);
        Assert.That(offer.Media[0].Attributes.GetValues("rtpmap"), Does.Contain("109 opus/48000/2"));
        Assert.That(offer.Media[1].Attributes.GetValues("rtpmap"), Does.Contain("120 VP8/90000").And.Contain("121 VP9/90000").And.Contain("99 AV1/90000"));
        Assert.That(offer.Media[1].Attributes.GetValues("fmtp"), Does.Contain("124 apt=120"));
        Assert.That(offer.Media[1].Attributes.GetAll<SdpExtensionMap>().Single(e => e.Uri.EndsWith("sdes:mid", StringComparison.Ordinal)).Id, Is.EqualTo(3));
        var payloadTypes = offer.Media.SelectMany(m => m.PayloadTypes).ToArray();
        Assert.That(payloadTypes, Is.Unique);
    }

    private static void AssertAnswer(SdpSession offer, NegotiationPeer peer)
    {
        var (description, changes) = peer.SetAnswer();
        var answer = NegotiationPeer.Parse(description.Sdp);
        Assert.That(answer.Media.Select(m => m.Mid), Is.EqualTo(offer.Media.Select(m => m.Mid)));
        Assert.That(answer.Media.Select(m => (m.Kind, m.Protocol)), Is.EqualTo(offer.Media.Select(m => (m.Kind, m.Protocol))));
        Assert.That(answer.Media.Select(m => m.IsRejected), Is.EqualTo(offer.Media.Select(m => m.IsRejected)));
        Assert.That(answer.GetBundleGroup()?.Mids ?? [], Is.EqualTo(offer.GetBundleGroup()?.Mids ?? []));
        Assert.That(peer.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
        Assert.That(changes.Session.HasAnswer, Is.True);
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (!offer.Media[i].IsRejected)
            {
                AssertSection(offer, offer.Media[i], answer, answer.Media[i]);
            }
        }
    }

    private static void AssertSection(SdpSession offer, SdpMedia offered, SdpSession answer, SdpMedia answered)
    {
        Assert.That(answer.GetSetup(answered), Is.EqualTo(SdpSetupRole.Active));
        Assert.That(answered.Attributes.Contains("ice-ufrag"), Is.True);
        Assert.That(answered.Formats, Is.SubsetOf(offered.Formats));
        if (offered.IsSctp)
        {
            Assert.That(answered.MaxMessageSize, Is.EqualTo(262_144));
            return;
        }

        Assert.That(answered.HasRtcpMux, Is.True);
        var direction = answer.GetDirection(answered);
        Assert.That(direction.IsSending() && !offer.GetDirection(offered).IsReceiving(), Is.False);
        Assert.That(direction.IsReceiving(), Is.EqualTo(offer.GetDirection(offered).IsSending()));
        var ids = offered.Attributes.GetAll<SdpExtensionMap>().ToDictionary(e => e.Uri, e => e.Id);
        foreach (var extension in answered.Attributes.GetAll<SdpExtensionMap>())
        {
            Assert.That(ids[extension.Uri], Is.EqualTo(extension.Id));
        }

        foreach (var map in answered.Attributes.GetAll<SdpRtpMap>())
        {
            Assert.That(offered.Attributes.GetAll<SdpRtpMap>().Single(m => m.PayloadType == map.PayloadType).EncodingName, Is.EqualTo(map.EncodingName).IgnoreCase);
        }
    }

    private static void AssertSetup(string name, SdpSetupRole expected)
    {
        var peer = new NegotiationPeer();
        peer.SetRemote(SdpType.Offer, Read(name));
        var answer = NegotiationPeer.Parse(peer.SetAnswer().Answer.Sdp);
        Assert.That(answer.Media.Select(answer.GetSetup), Is.All.EqualTo(expected));
        Assert.That(peer.Session.Transport!.DtlsRole, Is.EqualTo(expected == SdpSetupRole.Active ? DtlsRole.Client : DtlsRole.Server));
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    private static IEnumerable<string> Names(string pattern) =>
        TestData.Files("corpus/sdp", pattern).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'));
}
