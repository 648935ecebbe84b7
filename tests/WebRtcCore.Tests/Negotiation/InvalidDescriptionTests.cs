using WebRtcCore.Sdp;

namespace WebRtcCore.Tests.Negotiation;

public class InvalidDescriptionTests
{
    private NegotiationPeer _a = null!;
    private NegotiationPeer _b = null!;

    [SetUp]
    public void MakePeers()
    {
        _a = new NegotiationPeer(1);
        _b = new NegotiationPeer(2);
        _a.AddTrack(MediaKind.Audio);
        _a.AddTrack(MediaKind.Video);
    }

    [Test]
    public void Syntax_error_names_its_line()
    {
        var error = Assert.Throws<RtcErrorException>(() => _b.SetRemote(SdpType.Offer, "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 200\r\n"));
        Assert.That((error!.ErrorDetail, error.SdpLineNumber, error.Name), Is.EqualTo((RtcErrorDetail.SdpSyntaxError, 4, "OperationError")));
    }

    [TestCase("ice-ufrag")]
    [TestCase("ice-pwd")]
    [TestCase("fingerprint")]
    [TestCase("rtcp-mux")]
    public void Offer_without_what_a_transport_needs_is_refused(string attribute) =>
        AssertOfferRefused(sdp =>
        {
            foreach (var media in sdp.Media)
            {
                media.Attributes.RemoveAll(attribute);
            }
        });

    [Test]
    public void Group_with_an_unknown_mid_is_refused() => AssertOfferRefused(sdp => sdp.Attributes.Set("group", "BUNDLE 0 9"));

    [Test]
    public void One_extension_id_for_two_uris_in_a_group_is_refused() =>
        AssertOfferRefused(sdp =>
        {
            sdp.Media[0].Attributes.RemoveAll("extmap");
            sdp.Media[0].Attributes.Add(new SdpExtensionMap(sdp.Media[1].Attributes.GetAll<SdpExtensionMap>().First().Id, "urn:other"));
        });

    [Test]
    public void Answer_with_other_sections_is_refused()
    {
        var (offer, _) = _a.SetOffer();
        _b.SetRemote(offer);
        var answer = _b.SetAnswer().Answer.Sdp;
        AssertAnswerRefused(answer, sdp => sdp.Media.RemoveAt(1));
        AssertAnswerRefused(answer, sdp => (sdp.Media[0], sdp.Media[1]) = (sdp.Media[1], sdp.Media[0]));
        AssertAnswerRefused(answer, sdp => sdp.Media[1].Mid = "x");
        AssertAnswerRefused(answer, sdp => sdp.Media[0].Attributes.Set("setup", "actpass"));
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.HaveLocalOffer));
        _a.SetRemote(SdpType.Answer, answer);
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
    }

    [Test]
    public void Later_offer_must_keep_the_sections_in_place()
    {
        _a.Negotiate(_b);
        var offer = _a.Offer().Sdp;
        AssertOfferRefused(sdp => sdp.Media.RemoveAt(1), offer);
        AssertOfferRefused(sdp => (sdp.Media[0], sdp.Media[1]) = (sdp.Media[1], sdp.Media[0]), offer);
    }

    [Test]
    public void Local_description_must_be_the_created_one()
    {
        var offer = _a.Offer();
        Assert.That(
            () => _a.Negotiator.SetLocal(offer with { Sdp = offer.Sdp.Replace("sendrecv", "recvonly", StringComparison.Ordinal) }),
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidModificationError"));
        Assert.That(() => _a.Negotiator.SetLocal(new SessionDescription(SdpType.Offer)), Throws.Nothing);
        Assert.That(_a.Negotiator.PendingLocalDescription, Is.EqualTo(offer));
    }

    [Test]
    public void Nothing_can_be_created_or_applied_after_close()
    {
        var offer = _a.Offer();
        _a.Negotiator.Close();
        Assert.That(() => _a.Offer(), Throws.TypeOf<RtcException>());
        Assert.That(() => _a.Negotiator.CreateAnswer(_a.Local), Throws.TypeOf<RtcException>());
        Assert.That(() => _a.Negotiator.SetLocal(offer), Throws.TypeOf<RtcException>());
        Assert.That(() => _a.SetRemote(offer), Throws.TypeOf<RtcException>());
        Assert.That(_a.Transceivers.All(t => t.IsStopped), Is.True);
    }

    [Test]
    public void Legacy_data_section_is_answered_in_its_form()
    {
        var offer = NegotiationPeer.Parse(_a.Offer().Sdp);
        offer.Media.Clear();
        offer.Attributes.Set("group", "BUNDLE data");
        var media = new SdpMedia("application", 9, "DTLS/SCTP", ["5000"]) { Mid = "data" };
        media.Attributes.Add("ice-ufrag", "abcd");
        media.Attributes.Add("ice-pwd", new string('p', 24));
        media.Attributes.Add("fingerprint", "sha-256 AB");
        media.Attributes.Add("setup", "actpass");
        media.Attributes.Add("sctpmap", "5000 webrtc-datachannel 1024");
        offer.Media.Add(media);
        _b.SetRemote(SdpType.Offer, offer.ToString());
        var answer = NegotiationPeer.Parse(_b.SetAnswer().Answer.Sdp);
        Assert.That((answer.Media[0].Protocol, answer.Media[0].Formats[0], answer.Media[0].SctpPort), Is.EqualTo(("DTLS/SCTP", "5000", 5000)));
        Assert.That(_b.Session.Data!.RemoteMaxMessageSize, Is.EqualTo(65_536));
    }

    [Test]
    public void Unknown_sections_are_rejected()
    {
        var offer = NegotiationPeer.Parse(_a.Offer().Sdp);
        var text = new SdpMedia("text", 9, SdpMedia.RtpProtocol, ["98"]) { Mid = "t" };
        text.Attributes.Add("rtcp-mux");
        offer.Media.Insert(0, text);
        _b.SetRemote(SdpType.Offer, offer.ToString());
        var answer = NegotiationPeer.Parse(_b.SetAnswer().Answer.Sdp);
        Assert.That(answer.Media.Select(m => m.IsRejected), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public void Sections_without_mid_get_one()
    {
        var offer = NegotiationPeer.Parse(_a.Offer().Sdp);
        offer.Media.RemoveAt(1);
        offer.Attributes.RemoveAll("group");
        offer.Media[0].Mid = null;
        _b.SetRemote(SdpType.Offer, offer.ToString());
        var answer = NegotiationPeer.Parse(_b.SetAnswer().Answer.Sdp);
        Assert.That(answer.Media[0].IsRejected, Is.False);
        Assert.That(_b.Session.Media, Has.Count.EqualTo(1));
    }

    [Test]
    public void Hostile_stream_ids_name_no_stream()
    {
        var offer = NegotiationPeer.Parse(_a.Offer().Sdp);
        offer.Media[0].Attributes.Set("msid", new string('x', 1000) + " t");
        offer.Media[1].Attributes.Set("msid", "\"<>\" t");
        var changes = _b.SetRemote(SdpType.Offer, offer.ToString());
        Assert.That(changes.AddedTracks.SelectMany(t => t.Streams), Is.Empty);
    }

    private void AssertOfferRefused(Action<SdpSession> change, string? offer = null)
    {
        var sdp = NegotiationPeer.Parse(offer ?? _a.Offer().Sdp);
        change(sdp);
        var transceivers = _b.Transceivers.Count;
        Assert.That(
            () => _b.SetRemote(SdpType.Offer, sdp.ToString()),
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidAccessError"));
        Assert.That(_b.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
        Assert.That(_b.Transceivers, Has.Count.EqualTo(transceivers));
    }

    private void AssertAnswerRefused(string answer, Action<SdpSession> change)
    {
        var sdp = NegotiationPeer.Parse(answer);
        change(sdp);
        Assert.That(
            () => _a.SetRemote(SdpType.Answer, sdp.ToString()),
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidAccessError"));
    }
}
