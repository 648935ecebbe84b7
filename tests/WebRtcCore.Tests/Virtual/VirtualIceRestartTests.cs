using WebRtcCore.Ice;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>Restarts of whole connections: what is signalled is what the agents check with, also where an offer is rolled back.</summary>
public sealed class VirtualIceRestartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly LinkConditions Link = LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(10) };
    private static readonly OfferOptions Restart = new() { IceRestart = true };

    [Test]
    public async Task Both_sides_check_with_the_credentials_that_were_signalled([Values] bool isByAnswerer, [Values] bool isDownBefore)
    {
        await using var peers = new VirtualPeers(Link);
        var (channel, received) = await ConnectAsync(peers);
        if (isDownBefore)
        {
            peers.Conditions = Link with { IsDown = true };
            Assert.That(peers.RunUntil(() => peers.Pair.Offerer.ConnectionState == PeerConnectionState.Failed, Minute), Is.True);
            peers.Conditions = Link;
        }

        var (from, to) = isByAnswerer ? (peers.Pair.Answerer, peers.Pair.Offerer) : (peers.Pair.Offerer, peers.Pair.Answerer);
        await NegotiateAsync(from, to, Restart);
        peers.RunUntil(() => false, TimeSpan.FromSeconds(10));
        await AssertUsesWhatIsSignalledAsync(from, to);
        await AssertUsesWhatIsSignalledAsync(to, from);
        Assert.That(from.ConnectionState, Is.EqualTo(PeerConnectionState.Connected));
        Assert.That(to.ConnectionState, Is.EqualTo(PeerConnectionState.Connected));
        channel.Send("still");
        Assert.That(peers.RunUntil(() => received() == 1, Minute), Is.True);
    }

    [Test]
    public async Task A_restart_that_is_rolled_back_leaves_the_connection_as_it_was()
    {
        await using var peers = new VirtualPeers(Link);
        var (channel, received) = await ConnectAsync(peers);
        var offerer = peers.Pair.Offerer;
        var before = offerer.Sctp!.Transport.IceTransport.GetLocalParameters();
        var candidates = offerer.Sctp.Transport.IceTransport.GetLocalCandidates();
        await offerer.SetLocalDescriptionAsync(await offerer.CreateOfferAsync(Restart));
        peers.RunUntil(() => false, TimeSpan.FromSeconds(1));
        await offerer.SetLocalDescriptionAsync(new SessionDescription(SdpType.Rollback));
        peers.RunUntil(() => false, Minute);
        Assert.That(offerer.Sctp.Transport.IceTransport.GetLocalParameters(), Is.EqualTo(before));
        Assert.That(offerer.Sctp.Transport.IceTransport.GetLocalCandidates(), Is.EqualTo(candidates));
        Assert.That(offerer.ConnectionState, Is.EqualTo(PeerConnectionState.Connected), "consent is still given");
        Assert.That(peers.Pair.Answerer.ConnectionState, Is.EqualTo(PeerConnectionState.Connected));
        await AssertUsesWhatIsSignalledAsync(offerer, peers.Pair.Answerer);
        channel.Send("still");
        Assert.That(peers.RunUntil(() => received() == 1, Minute), Is.True);
    }

    [Test]
    public async Task A_restart_that_is_rolled_back_before_anything_worked_goes_on_as_it_began()
    {
        await using var peers = new VirtualPeers(Link with { IsDown = true });
        var (offerer, answerer) = (peers.Pair.Offerer, peers.Pair.Answerer);
        offerer.CreateDataChannel("x");
        await peers.Pair.NegotiateAsync();
        peers.RunUntil(() => false, TimeSpan.FromSeconds(1));
        await offerer.SetLocalDescriptionAsync(await offerer.CreateOfferAsync(Restart));
        await offerer.SetLocalDescriptionAsync(new SessionDescription(SdpType.Rollback));
        peers.Conditions = Link;
        Assert.That(peers.RunUntil(() => IsConnected(offerer) && IsConnected(answerer), Minute), Is.True, () => $"{offerer.ConnectionState}, {answerer.ConnectionState}");
        await AssertUsesWhatIsSignalledAsync(offerer, answerer);
    }

    [Test]
    public async Task An_offer_of_the_peer_takes_a_restart_back_that_met_it()
    {
        await using var peers = new VirtualPeers(Link);
        var (channel, received) = await ConnectAsync(peers);
        var (offerer, answerer) = (peers.Pair.Offerer, peers.Pair.Answerer);
        var before = offerer.Sctp!.Transport.IceTransport.GetLocalParameters();
        await offerer.SetLocalDescriptionAsync(await offerer.CreateOfferAsync(Restart));
        await NegotiateAsync(answerer, offerer, new OfferOptions());
        peers.RunUntil(() => false, Minute);
        Assert.That(offerer.Sctp.Transport.IceTransport.GetLocalParameters(), Is.EqualTo(before), "an offer without a restart gets an answer without one");
        await AssertUsesWhatIsSignalledAsync(offerer, answerer);
        Assert.That(IsConnected(offerer) && IsConnected(answerer), Is.True);
        channel.Send("still");
        Assert.That(peers.RunUntil(() => received() == 1, Minute), Is.True);
    }

    private static bool IsConnected(PeerConnection connection) => connection.ConnectionState == PeerConnectionState.Connected;

    private static async Task<(DataChannel Channel, Func<int> Received)> ConnectAsync(VirtualPeers peers)
    {
        var received = 0;
        peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, _) => received++;
        var channel = peers.Pair.Offerer.CreateDataChannel("x");
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
        return (channel, () => received);
    }

    private static async Task NegotiateAsync(PeerConnection from, PeerConnection to, OfferOptions options)
    {
        await from.SetLocalDescriptionAsync(await from.CreateOfferAsync(options));
        await to.SetRemoteDescriptionAsync(from.LocalDescription!);
        await to.SetLocalDescriptionAsync();
        await from.SetRemoteDescriptionAsync(to.LocalDescription!);
    }

    private static async Task AssertUsesWhatIsSignalledAsync(PeerConnection connection, PeerConnection peer)
    {
        var agent = await connection.Driver.ReadAsync(
            (session, _) => $"{session.Ice.LocalCredentials.UsernameFragment} {session.Ice.RemoteCredentials?.UsernameFragment} {session.Ice.GetDroppedCount(IceDropReason.UnknownUsername)}",
            CancellationToken.None);
        var (own, others) = (connection.Sctp!.Transport.IceTransport.GetLocalParameters(), peer.Sctp!.Transport.IceTransport.GetLocalParameters());
        Assert.That(agent, Is.EqualTo($"{own!.UsernameFragment} {others!.UsernameFragment} 0"), "own fragment, the peer's, and checks for none of ours");
    }
}
