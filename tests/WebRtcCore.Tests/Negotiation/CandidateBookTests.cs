namespace WebRtcCore.Tests.Negotiation;

public class CandidateBookTests
{
    private const string Host = "candidate:1 1 udp 2122260223 192.0.2.1 5004 typ host";

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
    public void Local_candidate_belongs_to_the_first_section_and_gets_into_the_description()
    {
        _a.SetOffer();
        var candidate = _a.Negotiator.MakeLocalCandidate(Host, _a.Local.Ice.UsernameFragment);
        Assert.That(candidate, Is.EqualTo(new IceCandidate { Candidate = Host, SdpMid = "0", SdpMLineIndex = 0, UsernameFragment = _a.Local.Ice.UsernameFragment }));
        _a.Negotiator.AddLocalCandidate(candidate!);
        _a.Negotiator.SetLocalEndOfCandidates();
        var sdp = NegotiationPeer.Parse(_a.Negotiator.PendingLocalDescription!.Sdp);
        Assert.That(sdp.Media[0].Attributes.GetValues("candidate"), Is.EqualTo(new[] { Host["candidate:".Length..] }));
        Assert.That((sdp.Media[0].Port, sdp.Media[0].Connection), Is.EqualTo((5004, "IN IP4 192.0.2.1")));
        Assert.That(sdp.Media[0].Attributes.Contains("end-of-candidates"), Is.True);
    }

    [Test]
    public void Local_candidate_of_another_generation_belongs_nowhere()
    {
        _a.SetOffer();
        Assert.That(_a.Negotiator.MakeLocalCandidate(Host, "other"), Is.Null);
        Assert.That(new NegotiationPeer().Negotiator.MakeLocalCandidate(Host, "x"), Is.Null);
    }

    [Test]
    public void Candidates_do_not_keep_a_created_offer_from_being_applied()
    {
        _a.SetOffer();
        _a.Negotiator.AddLocalCandidate(_a.Negotiator.MakeLocalCandidate(Host, _a.Local.Ice.UsernameFragment)!);
        _b.SetRemote(_a.Negotiator.PendingLocalDescription!);
        Assert.That(_b.Negotiator.Session.Transport!.RemoteCandidates, Is.EqualTo(new[] { Host }));
    }

    [Test]
    public void Remote_candidate_needs_a_remote_description() =>
        AssertName("InvalidStateError", new IceCandidate { Candidate = Host, SdpMid = "0" });

    [Test]
    public void Candidate_of_an_offered_section_that_is_bundled_away_is_not_checked()
    {
        _b.SetRemote(_a.SetOffer().Offer);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host, SdpMid = "1" }), Is.False);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host, SdpMid = "0" }), Is.True);
    }

    [Test]
    public void Candidate_of_the_first_section_that_the_answer_keeps_is_checked([Values] bool isProvisional)
    {
        _b.SetRemote(_a.SetOffer().Offer);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host, SdpMid = "1" }), Is.False);
        _b.Transceivers[0].Stop();
        var answer = _b.Negotiator.CreateAnswer(_b.Local);
        var changes = _b.Negotiator.SetLocal(isProvisional ? answer with { Type = SdpType.PrAnswer } : answer);

        Assert.That(changes.Session.Transport!.RemoteCandidates, Is.EqualTo(new[] { Host }), "the one that came before counts now");
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host.Replace("5004", "5006"), SdpMid = "1" }), Is.True);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host, SdpMid = "0" }), Is.False);
    }

    [Test]
    public void Remote_candidate_is_checked_and_kept()
    {
        _b.SetRemote(_a.SetOffer().Offer);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host, SdpMid = "0" }), Is.True);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host, SdpMLineIndex = 0, UsernameFragment = _a.Local.Ice.UsernameFragment }), Is.True);
        AssertName("OperationError", new IceCandidate { Candidate = Host, SdpMid = "7" });
        AssertName("OperationError", new IceCandidate { Candidate = Host, SdpMLineIndex = 2 });
        AssertName("OperationError", new IceCandidate { Candidate = Host, SdpMLineIndex = -1 });
        AssertName("OperationError", new IceCandidate { Candidate = Host, SdpMid = "0", UsernameFragment = "other" });
        AssertName("OperationError", new IceCandidate { Candidate = "nonsense", SdpMid = "0" });
        AssertName("OperationError", new IceCandidate { Candidate = Host + "\r\na=evil", SdpMid = "0" });
        Assert.That(() => _b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = Host }), Throws.ArgumentException);
        Assert.That(_b.Negotiator.PendingRemoteDescription!.Sdp, Does.Contain("a=" + Host).And.Not.Contain("evil"));
    }

    [Test]
    public void Candidate_of_an_unknown_kind_is_no_error_and_not_used()
    {
        _b.SetRemote(_a.SetOffer().Offer);
        var candidate = new IceCandidate { Candidate = "candidate:1 1 quic 1 192.0.2.1 5004 typ host", SdpMid = "0" };
        Assert.That(_b.Negotiator.AddRemoteCandidate(candidate), Is.False);
    }

    [Test]
    public void End_of_candidates_needs_no_section()
    {
        _b.SetRemote(_a.SetOffer().Offer);
        Assert.That(_b.Negotiator.AddRemoteCandidate(new IceCandidate()), Is.True);
        Assert.That(_b.Negotiator.PendingRemoteDescription!.Sdp, Does.Contain("a=end-of-candidates"));
    }

    [Test]
    public void Flood_of_candidates_does_not_grow_the_description()
    {
        _b.SetRemote(_a.SetOffer().Offer);
        for (var i = 0; i < 10_000; i++)
        {
            _b.Negotiator.AddRemoteCandidate(new IceCandidate { Candidate = $"candidate:{i} 1 udp 1 192.0.2.1 {1 + (i % 60_000)} typ host", SdpMid = "0" });
        }

        var sdp = NegotiationPeer.Parse(_b.Negotiator.PendingRemoteDescription!.Sdp);
        Assert.That(sdp.Media[0].Attributes.GetValues("candidate").Count(), Is.EqualTo(512));
    }

    private void AssertName(string name, IceCandidate candidate) =>
        Assert.That(() => _b.Negotiator.AddRemoteCandidate(candidate), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo(name));
}
