using WebRtcCore.Dtls;
using WebRtcCore.Primitives;
using WebRtcCore.Sdp;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Negotiation;

/// <summary>One side of an offer/answer exchange: a negotiator and the transport that it shows.</summary>
internal sealed class NegotiationPeer
{
    private readonly SeededRandomSource _random;

    internal NegotiationPeer(int seed = 1, PeerConnectionOptions? options = null)
    {
        _random = new SeededRandomSource(seed);
        Negotiator = new Negotiator(new DirectMediaOperations(), options ?? new PeerConnectionOptions(), _random);
        Local = new LocalTransport
        {
            Ice = NewIce(),
            Fingerprints = [new DtlsFingerprint("sha-256", string.Join(':', Enumerable.Repeat("A0", 32)))],
        };
    }

    internal Negotiator Negotiator { get; }

    internal LocalTransport Local { get; set; }

    internal IReadOnlyList<RtpTransceiver> Transceivers => Negotiator.Transceivers;

    internal NegotiatedSession Session => Negotiator.Session;

    internal RtpTransceiver Add(MediaKind kind, RtpTransceiverDirection direction = RtpTransceiverDirection.SendRecv) =>
        Negotiator.AddTransceiver(kind, new MediaStreamTrack(kind), new RtpTransceiverOptions { Direction = direction, Streams = [new MediaStream("s")] });

    internal RtpSender AddTrack(MediaKind kind) => Negotiator.AddTrack(new MediaStreamTrack(kind), [new MediaStream("s")]);

    internal SessionDescription Offer() => Negotiator.CreateOffer(Local);

    internal (SessionDescription Offer, DescriptionChanges Changes) SetOffer()
    {
        var offer = Offer();
        return (offer, Negotiator.SetLocal(offer));
    }

    internal (SessionDescription Answer, DescriptionChanges Changes) SetAnswer()
    {
        var answer = Negotiator.CreateAnswer(Local);
        var changes = Negotiator.SetLocal(answer);
        if (changes.Session.Transport is { } transport)
        {
            Local = Local with { DtlsRole = transport.DtlsRole };
        }

        return (answer, changes);
    }

    internal DescriptionChanges SetRemote(SessionDescription description)
    {
        var changes = Negotiator.SetRemote(description);
        if (description.Type == SdpType.Answer && changes.Session.Transport is { } transport)
        {
            Local = Local with { DtlsRole = transport.DtlsRole };
        }

        return changes;
    }

    internal DescriptionChanges SetRemote(SdpType type, string sdp) => SetRemote(new SessionDescription(type, sdp));

    internal DescriptionChanges RollbackLocal() => Negotiator.SetLocal(new SessionDescription(SdpType.Rollback));

    internal DescriptionChanges RollbackRemote() => Negotiator.SetRemote(new SessionDescription(SdpType.Rollback));

    internal void RestartIce() => Local = Local with { Ice = NewIce(), Candidates = [], IsEndOfCandidates = false };

    /// <summary>One whole round: this side offers, the other answers.</summary>
    internal NegotiationRound Negotiate(NegotiationPeer answerer)
    {
        var (offer, offererBefore) = SetOffer();
        var answererOnOffer = answerer.SetRemote(offer);
        var (answer, answererOnAnswer) = answerer.SetAnswer();
        var offererOnAnswer = SetRemote(answer);
        _ = offererBefore;
        return new NegotiationRound(Parse(offer.Sdp), Parse(answer.Sdp), offererOnAnswer, answererOnOffer, answererOnAnswer);
    }

    internal static SdpSession Parse(string sdp)
    {
        Assert.That(SdpSession.TryParse(sdp, out var session, out var error), Is.True, () => error!.ToString());
        return session!;
    }

    private IceParameters NewIce() => new(_random.NextString("abcdefgh", 8), _random.NextString("abcdefgh", 24));
}
