namespace WebRtcCore.Tests.Negotiation;

public class RollbackTests
{
    private NegotiationPeer _a = null!;
    private NegotiationPeer _b = null!;

    [SetUp]
    public void MakePeers()
    {
        _a = new NegotiationPeer(1);
        _b = new NegotiationPeer(2);
    }

    [Test]
    public void Local_rollback_takes_the_mids_back()
    {
        var transceiver = _a.AddTrack(MediaKind.Audio).Transceiver;
        _a.SetOffer();
        Assert.That(transceiver.Mid, Is.EqualTo("0"));
        Assert.That(_a.RollbackLocal().SignalingStateChanged, Is.True);
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
        Assert.That(transceiver.Mid, Is.Null);
        Assert.That(_a.Negotiator.PendingLocalDescription, Is.Null);
        Assert.That(_a.Transceivers, Has.Count.EqualTo(1));
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
        _a.Negotiate(_b);
        Assert.That(_b.Session.Media, Has.Count.EqualTo(1));
    }

    [Test]
    public void Remote_rollback_removes_what_the_offer_made()
    {
        _a.AddTrack(MediaKind.Audio);
        _b.SetRemote(_a.SetOffer().Offer);
        var transceiver = _b.Transceivers.Single();
        var changes = _b.RollbackRemote();
        Assert.That(_b.Transceivers, Is.Empty);
        Assert.That(changes.StoppedTransceivers.Single(), Is.SameAs(transceiver));
        Assert.That(changes.MutedReceivers.Single(), Is.SameAs(transceiver.Receiver));
        Assert.That(changes.Session.Transport, Is.Null);
        Assert.That(_b.Negotiator.PendingRemoteDescription, Is.Null);
    }

    [Test]
    public void Transceiver_that_got_a_track_survives_the_rollback()
    {
        _a.AddTrack(MediaKind.Audio);
        _b.SetRemote(_a.SetOffer().Offer);
        var sender = _b.AddTrack(MediaKind.Audio);
        Assert.That(sender.Transceiver, Is.SameAs(_b.Transceivers.Single()));
        _b.RollbackRemote();
        Assert.That(_b.Transceivers.Single(), Is.SameAs(sender.Transceiver));
        Assert.That(sender.Transceiver.Mid, Is.Null);
        _a.RollbackLocal();
        _b.Negotiate(_a);
        Assert.That(_b.Session.Media.Single().CanSend, Is.True);
    }

    [Test]
    public void Rollback_of_a_renegotiation_restores_the_stable_state()
    {
        _a.AddTrack(MediaKind.Audio);
        _b.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        var before = _b.Session;
        var stream = _b.Transceivers[0].Receiver.Streams.Single();
        _a.Transceivers[0].Direction = RtpTransceiverDirection.Inactive;
        _a.AddTrack(MediaKind.Video);
        _b.SetRemote(_a.SetOffer().Offer);
        Assert.That(_b.Transceivers[0].Receiver.Streams, Is.Empty);

        var changes = _b.RollbackRemote();

        Assert.That(changes.Session, Is.SameAs(before));
        Assert.That(_b.Transceivers.Single().Receiver.Streams.Single().Id, Is.EqualTo(stream.Id));
        Assert.That(_b.Transceivers[0].CurrentDirection, Is.EqualTo(RtpTransceiverDirection.SendRecv));
        Assert.That(_b.Transceivers[0].Mid, Is.EqualTo("0"));
    }

    [Test]
    public void Rollback_of_a_provisional_answer_goes_back_to_stable()
    {
        _a.AddTrack(MediaKind.Audio);
        var (offer, _) = _a.SetOffer();
        _b.SetRemote(offer);
        var answer = _b.Negotiator.CreateAnswer(_b.Local) with { Type = SdpType.PrAnswer };
        _a.SetRemote(answer);
        _a.RollbackRemote();
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.Stable));
        Assert.That(_a.Transceivers[0].CurrentDirection, Is.Null);
        Assert.That(_a.Transceivers[0].Mid, Is.Null);
    }

    [Test]
    public void Rollback_of_an_ice_restart_gives_the_old_credentials_back()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        var old = _a.Local.Ice;
        _a.RestartIce();
        _a.SetOffer();
        Assert.That(_a.RollbackLocal().NewLocalIce, Is.EqualTo(old));
    }

    [Test]
    public void Remote_offer_during_an_own_one_rolls_back_in_one_step()
    {
        _a.AddTrack(MediaKind.Audio);
        _b.AddTrack(MediaKind.Audio);
        _a.SetOffer();
        var changes = _a.SetRemote(_b.SetOffer().Offer);
        Assert.That(changes.SignalingStateChanged, Is.True);
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.HaveRemoteOffer));
        Assert.That(_a.Negotiator.PendingLocalDescription, Is.Null);

        // The own track's transceiver takes the m-line of the peer's offer.
        Assert.That(_a.Transceivers, Has.Count.EqualTo(1));
        _b.SetRemote(_a.SetAnswer().Answer);
        Assert.That(_a.Session.Media.Single().CanSend && _a.Session.Media.Single().CanReceive, Is.True);
    }

    [Test]
    public void Bad_remote_offer_does_not_cost_the_own_one()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.SetOffer();
        Assert.That(() => _a.SetRemote(SdpType.Offer, "v=0\r\n"), Throws.TypeOf<RtcErrorException>());
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.HaveLocalOffer));
        Assert.That(_a.Transceivers[0].Mid, Is.EqualTo("0"));
    }

    [Test]
    public void Nothing_can_be_rolled_back_in_the_stable_state() =>
        Assert.That(() => _a.RollbackLocal(), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidStateError"));

    [Test]
    public void Numbers_of_the_peer_count_after_the_own_offer_was_rolled_back()
    {
        _a.AddTrack(MediaKind.Video);
        _a.SetOffer();
        _a.SetRemote(SdpType.Offer, Testing.TestData.ReadText("corpus/sdp/firefox-firefox/av.1.offer.sdp"));
        _a.SetAnswer();
        var offer = NegotiationPeer.Parse(_a.Offer().Sdp);
        Assert.That(offer.Media[1].Attributes.GetValues("rtpmap"), Does.Contain("120 VP8/90000").And.Not.Contain("96 VP8/90000"));
        Assert.That(offer.Media.SelectMany(m => m.Attributes.GetValues("extmap")), Does.Contain("3 urn:ietf:params:rtp-hdrext:sdes:mid"));
    }

    [Test]
    public void Numbers_of_a_remote_offer_that_was_rolled_back_do_not_count()
    {
        _a.AddTrack(MediaKind.Video);
        _a.Negotiate(_b);
        var before = Numbers(_a.Offer());
        var offer = NegotiationPeer.Parse(_b.SetOffer().Offer.Sdp);
        offer.Media[0].Attributes.RemoveAll("extmap");
        offer.Media[0].Attributes.Add("extmap", "1 urn:ietf:params:rtp-hdrext:sdes:mid");
        _a.SetRemote(SdpType.Offer, offer.ToString());
        _a.RollbackRemote();
        Assert.That(Numbers(_a.Offer()), Is.EqualTo(before));

        static string[] Numbers(SessionDescription offer) => [.. NegotiationPeer.Parse(offer.Sdp).Media[0].Attributes.GetValues("extmap")];
    }
}
