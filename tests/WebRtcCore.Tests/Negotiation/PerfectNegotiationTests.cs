using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Negotiation;

/// <summary>The pattern of W3C webrtc 10.7: a polite and an impolite side that may both offer at any time.</summary>
public class PerfectNegotiationTests
{
    [Test]
    public void Glare_is_resolved_in_favour_of_the_impolite_side()
    {
        var (polite, impolite) = Connect(1);
        polite.Peer.AddTrack(MediaKind.Audio);
        impolite.Peer.AddTrack(MediaKind.Video);
        polite.NegotiateIfNeeded();
        impolite.NegotiateIfNeeded();
        Settle(polite, impolite, new SeededRandomSource(1));
        Assert.That(polite.Peer.Session.Media, Has.Count.EqualTo(2));
        Assert.That(impolite.Ignored, Is.EqualTo(1));
        Assert.That(polite.Ignored, Is.Zero);
    }

    [Test]
    public void Any_interleaving_of_changes_and_messages_ends_in_agreement()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new SeededRandomSource(seed);
            var (polite, impolite) = Connect(seed);
            for (var step = 0; step < 40; step++)
            {
                var side = random.NextUInt16() % 2 == 0 ? polite : impolite;
                switch (random.NextUInt16() % 6)
                {
                    case 0 when side.Peer.Transceivers.Count < 6:
                        side.Peer.AddTrack(random.NextUInt16() % 2 == 0 ? MediaKind.Audio : MediaKind.Video);
                        break;
                    case 1 when side.Peer.Transceivers.FirstOrDefault(t => t.Sender.Track is not null) is { } sending:
                        side.Peer.Negotiator.RemoveTrack(sending.Sender);
                        break;
                    case 2 when side.Peer.Transceivers.Count > 2:
                        side.Peer.Transceivers[0].Stop();
                        break;
                    default:
                        side.Receive();
                        break;
                }

                side.NegotiateIfNeeded();
            }

            Settle(polite, impolite, random);
            var (a, b) = (polite.Peer, impolite.Peer);
            Assert.That((a.Negotiator.SignalingState, b.Negotiator.SignalingState), Is.EqualTo((SignalingState.Stable, SignalingState.Stable)), $"seed {seed}");
            Assert.That(a.Negotiator.IsNegotiationNeeded() || b.Negotiator.IsNegotiationNeeded(), Is.False, $"seed {seed}");
            Assert.That(
                a.Session.Media.Select(m => (m.Mid, m.CanSend, m.CanReceive)),
                Is.EqualTo(b.Session.Media.Select(m => (m.Mid, m.CanReceive, m.CanSend))),
                $"seed {seed}");
        }
    }

    private static (Side Polite, Side Impolite) Connect(int seed)
    {
        var polite = new Side(new NegotiationPeer(seed * 2), isPolite: true);
        var impolite = new Side(new NegotiationPeer((seed * 2) + 1), isPolite: false);
        polite.Other = impolite;
        impolite.Other = polite;
        return (polite, impolite);
    }

    private static void Settle(Side polite, Side impolite, SeededRandomSource random)
    {
        for (var step = 0; step < 1000 && (polite.HasWork || impolite.HasWork); step++)
        {
            var side = random.NextUInt16() % 2 == 0 ? polite : impolite;
            side.Receive();
            side.NegotiateIfNeeded();
        }
    }

    private sealed class Side(NegotiationPeer peer, bool isPolite)
    {
        private readonly Queue<SessionDescription> _inbox = new();
        private bool _ignoreOffer;

        internal NegotiationPeer Peer { get; } = peer;

        internal Side Other { get; set; } = null!;

        internal int Ignored { get; private set; }

        internal bool HasWork => _inbox.Count > 0 || (Peer.Negotiator.SignalingState == SignalingState.Stable && Peer.Negotiator.IsNegotiationNeeded());

        internal void NegotiateIfNeeded()
        {
            if (Peer.Negotiator.SignalingState == SignalingState.Stable && Peer.Negotiator.IsNegotiationNeeded())
            {
                Other._inbox.Enqueue(Peer.SetOffer().Offer);
            }
        }

        internal void Receive()
        {
            if (!_inbox.TryDequeue(out var description))
            {
                return;
            }

            var isCollision = description.Type == SdpType.Offer && Peer.Negotiator.SignalingState != SignalingState.Stable;
            _ignoreOffer = !isPolite && isCollision;
            if (_ignoreOffer)
            {
                Ignored++;
                return;
            }

            Peer.SetRemote(description);
            if (description.Type == SdpType.Offer)
            {
                Other._inbox.Enqueue(Peer.SetAnswer().Answer);
            }
        }
    }
}
