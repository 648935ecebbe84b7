using WebRtcCore.Sdp;

namespace WebRtcCore.Tests.Negotiation;

/// <summary>Two of ours negotiate with each other, over several rounds.</summary>
public class ExchangeTests
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
    public void Audio_video_and_data_are_agreed_on()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.AddTrack(MediaKind.Video);
        _a.Negotiator.RequestDataChannel();
        _b.AddTrack(MediaKind.Video);

        var round = _a.Negotiate(_b);

        Assert.That(round.AnswererOnOffer.AddedTracks.Select(t => t.Track.Kind), Is.EqualTo(new[] { MediaKind.Audio, MediaKind.Video }));
        Assert.That(round.AnswererOnOffer.AddedTracks[0].Streams.Single(), Is.SameAs(round.AnswererOnOffer.AddedTracks[1].Streams.Single()));
        Assert.That(round.OffererOnAnswer.AddedTracks.Select(t => t.Track.Kind), Is.EqualTo(new[] { MediaKind.Video }));
        Assert.That(_b.Transceivers, Has.Count.EqualTo(2));
        Assert.That(_b.Transceivers.Select(t => t.CurrentDirection), Is.EqualTo(new[] { RtpTransceiverDirection.SendRecv, RtpTransceiverDirection.RecvOnly }));
        Assert.That(_a.Transceivers.Select(t => t.CurrentDirection), Is.EqualTo(new[] { RtpTransceiverDirection.SendOnly, RtpTransceiverDirection.SendRecv }));
        Assert.That(_a.Session.Transport!.DtlsRole, Is.EqualTo(DtlsRole.Server));
        Assert.That(_b.Session.Transport!.DtlsRole, Is.EqualTo(DtlsRole.Client));
        Assert.That(_a.Session.Transport.RemoteIce, Is.EqualTo(_b.Local.Ice));
        Assert.That(_a.Session.Data!.Mid, Is.EqualTo("2"));
        Assert.That(_a.Session.Media.Select(m => m.MLineIndex), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(_a.Session.Media[1].SendCodecs, Is.Not.Empty);
        Assert.That(_a.Negotiator.IsNegotiationNeeded() || _b.Negotiator.IsNegotiationNeeded(), Is.False);
    }

    [Test]
    public void Video_is_added_later_behind_the_data_section()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.Negotiator.RequestDataChannel();
        _a.Negotiate(_b);
        _a.AddTrack(MediaKind.Video);
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);

        var round = _a.Negotiate(_b);

        Assert.That(round.Offer.Media.Select(m => m.Kind), Is.EqualTo(new[] { "audio", "application", "video" }));
        Assert.That(round.AnswererOnOffer.AddedTracks.Single().Track.Kind, Is.EqualTo(MediaKind.Video));
        Assert.That(round.AnswererOnAnswer.Session.Transport!.DtlsRole, Is.EqualTo(DtlsRole.Client));
        Assert.That(round.AnswererOnAnswer.NewLocalIce, Is.Null);
    }

    [Test]
    public void Roles_stay_when_the_other_side_offers()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        _b.AddTrack(MediaKind.Video);
        var round = _b.Negotiate(_a);
        Assert.That(round.Answer.Media.Select(round.Answer.GetSetup), Is.All.EqualTo(SdpSetupRole.Passive));
        Assert.That(_a.Session.Transport!.DtlsRole, Is.EqualTo(DtlsRole.Server));
        Assert.That(_b.Session.Transport!.DtlsRole, Is.EqualTo(DtlsRole.Client));
        Assert.That(_a.Transceivers.Select(t => t.Mid), Is.EqualTo(_b.Transceivers.Select(t => t.Mid)));
    }

    [Test]
    public void Hold_mutes_and_resume_brings_the_track_back()
    {
        var sender = _a.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        sender.Transceiver.Direction = RtpTransceiverDirection.Inactive;
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
        var hold = _a.Negotiate(_b);
        Assert.That(hold.AnswererOnOffer.MutedReceivers.Single(), Is.SameAs(_b.Transceivers[0].Receiver));
        Assert.That(_b.Transceivers[0].Receiver.Streams, Is.Empty);
        Assert.That(_b.Session.Media[0].CanReceive, Is.False);

        sender.Transceiver.Direction = RtpTransceiverDirection.SendRecv;
        var resume = _a.Negotiate(_b);
        Assert.That(resume.AnswererOnOffer.AddedTracks.Single().Transceiver, Is.SameAs(_b.Transceivers[0]));
        Assert.That(_b.Session.Media[0].CanReceive, Is.True);
    }

    [Test]
    public void Removed_track_leaves_the_section_receiving()
    {
        var sender = _a.AddTrack(MediaKind.Audio);
        _b.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        _a.Negotiator.RemoveTrack(sender);
        var round = _a.Negotiate(_b);
        Assert.That(round.Offer.GetDirection(round.Offer.Media[0]), Is.EqualTo(SdpDirection.RecvOnly));
        Assert.That(round.AnswererOnOffer.MutedReceivers, Has.Count.EqualTo(1));
        Assert.That(sender.Transceiver.CurrentDirection, Is.EqualTo(RtpTransceiverDirection.RecvOnly));
    }

    [Test]
    public void Stopped_section_is_rejected_and_then_used_anew()
    {
        _a.AddTrack(MediaKind.Audio);
        var video = _a.AddTrack(MediaKind.Video).Transceiver;
        _a.Negotiate(_b);
        var remote = _b.Transceivers[1];

        video.Stop();
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
        var stop = _a.Negotiate(_b);
        Assert.That(stop.Offer.Media[1].IsRejected, Is.True);
        Assert.That(stop.Answer.Media[1].IsRejected, Is.True);
        Assert.That(stop.Offer.GetBundleGroup()!.Mids, Is.EqualTo(new[] { "0" }));
        Assert.That(stop.AnswererOnOffer.StoppedTransceivers.Single(), Is.SameAs(remote));
        Assert.That(stop.OffererOnAnswer.StoppedTransceivers.Single(), Is.SameAs(video));
        Assert.That(_a.Transceivers, Has.Count.EqualTo(1));
        Assert.That(_b.Transceivers, Has.Count.EqualTo(1));
        Assert.That(video.CurrentDirection, Is.EqualTo(RtpTransceiverDirection.Stopped));
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);

        _a.AddTrack(MediaKind.Video);
        var reuse = _a.Negotiate(_b);
        Assert.That(reuse.Offer.Media, Has.Count.EqualTo(2));
        Assert.That(reuse.Offer.Media[1].Mid, Is.Not.EqualTo("1"));
        Assert.That(reuse.Answer.Media[1].IsRejected, Is.False);
        Assert.That(_b.Session.Media.Select(m => m.Mid), Is.EqualTo(new[] { "0", reuse.Offer.Media[1].Mid }));
    }

    [Test]
    public void Recycled_section_may_be_of_another_kind()
    {
        _a.AddTrack(MediaKind.Audio);
        var video = _a.AddTrack(MediaKind.Video).Transceiver;
        _a.Negotiate(_b);
        video.Stop();
        _a.Negotiate(_b);
        _b.Negotiator.RequestDataChannel();
        var round = _b.Negotiate(_a);
        Assert.That(round.Offer.Media.Select(m => m.Kind), Is.EqualTo(new[] { "audio", "application" }));
        Assert.That(_a.Session.Data, Is.Not.Null);
    }

    [Test]
    public void Answer_rejects_the_section_of_a_stopping_transceiver()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.AddTrack(MediaKind.Video);
        _a.Negotiate(_b);
        var stopping = _b.Transceivers[1];
        stopping.Stop();
        _a.Negotiator.RequestDataChannel();
        var round = _a.Negotiate(_b);
        Assert.That(round.Answer.Media.Select(m => m.IsRejected), Is.EqualTo(new[] { false, true, false }));
        Assert.That(round.AnswererOnAnswer.StoppedTransceivers.Single(), Is.SameAs(stopping));
        Assert.That(_a.Transceivers, Has.Count.EqualTo(1));
        Assert.That(_b.Transceivers, Has.Count.EqualTo(1));
        Assert.That(_b.Negotiator.IsNegotiationNeeded(), Is.False);
    }

    [Test]
    public void Transceiver_stopped_before_it_was_negotiated_is_never_offered()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.Add(MediaKind.Video).Stop();
        var round = _a.Negotiate(_b);
        Assert.That(round.Offer.Media, Has.Count.EqualTo(1));
        Assert.That(_a.Transceivers, Has.Count.EqualTo(1));
    }

    [Test]
    public void Ice_restart_brings_new_credentials_on_both_sides()
    {
        _a.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        _a.Negotiator.IceRestartRequested = true;
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);

        _a.RestartIce();
        var (offer, changes) = _a.SetOffer();
        Assert.That(changes.NewLocalIce, Is.EqualTo(_a.Local.Ice));
        _b.SetRemote(offer);
        Assert.That(_b.Negotiator.IsRemoteIceRestart, Is.True);
        Assert.That(_b.Session.Transport!.RemoteIce, Is.Not.EqualTo(_a.Local.Ice), "the old transport is in force until the answer");
        _b.RestartIce();
        var (answer, onAnswer) = _b.SetAnswer();
        Assert.That(onAnswer.NewLocalIce, Is.EqualTo(_b.Local.Ice));
        Assert.That(_b.Session.Transport!.RemoteIce, Is.EqualTo(_a.Local.Ice));
        _a.SetRemote(answer);
        Assert.That(_a.Session.Transport!.RemoteIce, Is.EqualTo(_b.Local.Ice));
        Assert.That(_a.Negotiator.IceRestartRequested, Is.False);
        Assert.That(_a.Session.Transport.DtlsRole, Is.EqualTo(DtlsRole.Server));
    }

    [Test]
    public void Restart_before_the_first_negotiation_means_nothing()
    {
        _a.Negotiator.IceRestartRequested = true;
        Assert.That(_a.Negotiator.IceRestartRequested, Is.False);
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);
    }

    [Test]
    public void Provisional_answer_may_be_used_and_be_replaced()
    {
        _a.AddTrack(MediaKind.Audio);
        var (offer, _) = _a.SetOffer();
        _b.SetRemote(offer);
        var answer = _b.Negotiator.CreateAnswer(_b.Local);
        var provisional = answer with { Type = SdpType.PrAnswer };
        Assert.That(_b.Negotiator.SetLocal(provisional).SignalingStateChanged, Is.True);
        Assert.That(_b.Negotiator.SignalingState, Is.EqualTo(SignalingState.HaveLocalPrAnswer));
        Assert.That(_b.Session.HasAnswer, Is.True);
        _a.SetRemote(provisional);
        Assert.That(_a.Negotiator.SignalingState, Is.EqualTo(SignalingState.HaveRemotePrAnswer));
        Assert.That(_a.Session.Media, Has.Count.EqualTo(1));
        Assert.That(_a.Negotiator.PendingRemoteDescription!.Type, Is.EqualTo(SdpType.PrAnswer));

        var final = _b.Negotiator.CreateAnswer(_b.Local);
        _b.Negotiator.SetLocal(final);
        _a.SetRemote(final);
        Assert.That((_a.Negotiator.SignalingState, _b.Negotiator.SignalingState), Is.EqualTo((SignalingState.Stable, SignalingState.Stable)));
        Assert.That(_a.Negotiator.PendingRemoteDescription, Is.Null);
        Assert.That(_a.Negotiator.CurrentRemoteDescription!.Type, Is.EqualTo(SdpType.Answer));
        Assert.That(_a.Negotiator.CurrentLocalDescription!.Type, Is.EqualTo(SdpType.Offer));
    }

    [Test]
    public void Simulcast_answer_leaves_the_accepted_layers()
    {
        var options = new RtpTransceiverOptions { SendEncodings = [new() { Rid = "h" }, new() { Rid = "l" }] };
        var transceiver = _a.Negotiator.AddTransceiver(MediaKind.Video, new MediaStreamTrack(MediaKind.Video), options);
        var round = _a.Negotiate(_b);
        Assert.That(round.Answer.Media[0].Attributes.GetValue("simulcast"), Is.EqualTo("recv h;l"));
        Assert.That(transceiver.Sender.Encodings.Select(e => e.Rid), Is.EqualTo(new[] { "h", "l" }));
        Assert.That(_b.Session.Media[0].RemoteRids, Is.EqualTo(new[] { "h", "l" }));
    }

    [Test]
    public void Answer_without_simulcast_leaves_one_encoding()
    {
        var options = new RtpTransceiverOptions { SendEncodings = [new() { Rid = "h" }, new() { Rid = "l" }] };
        var transceiver = _a.Negotiator.AddTransceiver(MediaKind.Video, null, options);
        var (offer, _) = _a.SetOffer();
        _b.SetRemote(offer);
        var answer = NegotiationPeer.Parse(_b.SetAnswer().Answer.Sdp);
        answer.Media[0].Attributes.RemoveAll("simulcast");
        answer.Media[0].Attributes.RemoveAll("rid");
        _a.SetRemote(SdpType.Answer, answer.ToString());
        Assert.That(transceiver.Sender.Encodings.Select(e => e.Rid), Is.EqualTo(new string?[] { null }));
    }

    [Test]
    public void Sender_that_never_sent_is_taken_for_the_next_track()
    {
        _a.Add(MediaKind.Audio, RtpTransceiverDirection.SendOnly);
        _a.Negotiate(_b);
        var sender = _b.AddTrack(MediaKind.Audio);
        Assert.That(sender.Transceiver, Is.SameAs(_b.Transceivers.Single()));
        Assert.That(sender.Transceiver.Direction, Is.EqualTo(RtpTransceiverDirection.SendRecv));

        // Once it has sent, another track gets a transceiver of its own.
        _b.Transceivers[0].HasSent = true;
        _b.Negotiator.RemoveTrack(sender);
        Assert.That(_b.AddTrack(MediaKind.Audio).Transceiver, Is.Not.SameAs(sender.Transceiver));
    }

    [Test]
    public void Track_can_be_added_once_only()
    {
        var track = new MediaStreamTrack(MediaKind.Audio);
        _a.Negotiator.AddTrack(track, []);
        Assert.That(() => _a.Negotiator.AddTrack(track, []), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidAccessError"));
    }

    [Test]
    public void Sender_of_another_connection_cannot_be_removed() =>
        Assert.That(
            () => _b.Negotiator.RemoveTrack(_a.AddTrack(MediaKind.Audio)),
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidAccessError"));

    [Test]
    public void Kind_without_common_codec_is_rejected_and_stopped()
    {
        var onlyAv1 = RtpCapabilities.DefaultVideo with { Codecs = [.. RtpCapabilities.DefaultVideo.Codecs.Where(c => c.Name == "AV1")] };
        var onlyVp8 = RtpCapabilities.DefaultVideo with { Codecs = [.. RtpCapabilities.DefaultVideo.Codecs.Where(c => c.Name == "VP8")] };
        var a = new NegotiationPeer(1, new PeerConnectionOptions { VideoCapabilities = onlyAv1 });
        var b = new NegotiationPeer(2, new PeerConnectionOptions { VideoCapabilities = onlyVp8 });
        var video = a.AddTrack(MediaKind.Video);
        a.AddTrack(MediaKind.Audio);
        var round = a.Negotiate(b);
        Assert.That(round.Answer.Media.Select(m => m.IsRejected), Is.EqualTo(new[] { true, false }));
        Assert.That(round.Answer.GetBundleGroup()!.Mids, Is.EqualTo(new[] { "1" }));
        Assert.That(video.Transceiver.IsStopped, Is.True);
        Assert.That(round.AnswererOnAnswer.StoppedTransceivers, Has.Count.EqualTo(1));
        Assert.That(a.Session.Transport!.RemoteIce, Is.EqualTo(b.Local.Ice));
    }

    [Test]
    public void Twenty_rounds_of_changes_keep_both_sides_alike()
    {
        for (var i = 0; i < 20; i++)
        {
            var (offerer, answerer) = i % 2 == 0 ? (_a, _b) : (_b, _a);
            var kind = i % 3 == 0 ? MediaKind.Audio : MediaKind.Video;
            if (i % 5 == 4)
            {
                offerer.Transceivers[0].Stop();
            }

            offerer.AddTrack(kind);
            var round = offerer.Negotiate(answerer);
            Assert.That(round.Offer.Media.Select(m => m.Mid).OfType<string>(), Is.Unique);
            Assert.That(_a.Transceivers.Select(t => t.Mid), Is.EquivalentTo(_b.Transceivers.Select(t => t.Mid)));
            Assert.That(_a.Session.Media.Select(m => (m.Mid, m.CanSend, m.CanReceive)), Is.EqualTo(_b.Session.Media.Select(m => (m.Mid, m.CanReceive, m.CanSend))));
            Assert.That(offerer.Negotiator.IsNegotiationNeeded(), Is.False);
        }
    }
}
