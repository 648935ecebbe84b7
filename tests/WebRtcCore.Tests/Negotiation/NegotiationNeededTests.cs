namespace WebRtcCore.Tests.Negotiation;

public class NegotiationNeededTests
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
    public void Fresh_connection_needs_nothing() => Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);

    [Test]
    public void Data_channel_needs_its_section_once()
    {
        _a.Negotiator.RequestDataChannel();
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
        _a.Negotiate(_b);
        _a.Negotiator.RequestDataChannel();
        _b.Negotiator.RequestDataChannel();
        Assert.That(_a.Negotiator.IsNegotiationNeeded() || _b.Negotiator.IsNegotiationNeeded(), Is.False);
    }

    [Test]
    public void Transceiver_that_stops_without_a_section_needs_nothing()
    {
        var transceiver = _a.Add(MediaKind.Audio);
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
        transceiver.Stop();
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);
    }

    [Test]
    public void Direction_of_the_answerer_counts_as_far_as_the_offer_lets_it()
    {
        _a.Add(MediaKind.Audio, RtpTransceiverDirection.SendOnly);
        _a.Negotiate(_b);
        var transceiver = _b.Transceivers[0];

        // The offer does not let the answerer send: wanting it changes what can be agreed on only in a new offer of the peer.
        transceiver.Direction = RtpTransceiverDirection.Inactive;
        Assert.That(_b.Negotiator.IsNegotiationNeeded(), Is.True);
        transceiver.Direction = RtpTransceiverDirection.RecvOnly;
        Assert.That(_b.Negotiator.IsNegotiationNeeded(), Is.False);
    }

    [Test]
    public void Offerer_is_content_with_less_than_it_offered()
    {
        _a.Add(MediaKind.Audio);
        _a.Negotiate(_b);
        Assert.That(_a.Transceivers[0].CurrentDirection, Is.EqualTo(RtpTransceiverDirection.SendOnly));
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);
        _a.Transceivers[0].Direction = RtpTransceiverDirection.SendOnly;
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);
        _a.Transceivers[0].Direction = RtpTransceiverDirection.RecvOnly;
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
    }

    [Test]
    public void Other_streams_need_negotiation()
    {
        var sender = _a.AddTrack(MediaKind.Audio);
        _a.Negotiate(_b);
        sender.SetStreams(new MediaStream("s"));
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.False);
        sender.SetStreams(new MediaStream("s"), new MediaStream("t"));
        Assert.That(_a.Negotiator.IsNegotiationNeeded(), Is.True);
        var changes = _a.Negotiate(_b);
        Assert.That(_b.Transceivers[0].Receiver.Streams.Select(s => s.Id), Is.EqualTo(new[] { "s", "t" }));
        Assert.That(changes.AnswererOnOffer.AddedTracks, Is.Empty);
    }
}
