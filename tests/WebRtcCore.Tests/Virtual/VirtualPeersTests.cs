using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

public sealed class VirtualPeersTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Data_flows_after_six_round_trips()
    {
        // ICE 1, DTLS 1.2 2, SCTP 2; the channel is open here when its OPEN has been acknowledged.
        await using var peers = new VirtualPeers(LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(50) });
        var channel = peers.Pair.Offerer.CreateDataChannel("x");
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
        Assert.That(peers.Elapsed, Is.LessThan(TimeSpan.FromMilliseconds(650)));
    }

    [TestCase(0.05)]
    [TestCase(0.10)]
    [TestCase(0.20)]
    [TestCase(0.50)]
    public async Task Connects_and_delivers_in_order_under_loss(double lossRate)
    {
        await using var peers = new VirtualPeers(
            LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(5), LossRate = lossRate, ReorderRate = 0.05, DuplicationRate = 0.02 },
            seed: (int)(lossRate * 100));
        var channel = peers.Pair.Offerer.CreateDataChannel("x");
        var received = new List<string>();
        peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, m) => received.Add(m.Message.Text);
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
        for (var i = 0; i < 50; i++)
        {
            channel.Send(i.ToString());
        }

        Assert.That(peers.RunUntil(() => received.Count == 50, TimeSpan.FromMinutes(5)), Is.True, () => $"{received.Count} of 50 after {peers.Elapsed}");
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 50).Select(i => i.ToString())));
    }

    [Test]
    public async Task A_black_out_disconnects_and_heals_without_loss()
    {
        var conditions = LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(10) };
        await using var peers = new VirtualPeers(conditions);
        var channel = peers.Pair.Offerer.CreateDataChannel("x");
        var received = 0;
        peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, _) => received++;
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
        peers.Conditions = conditions with { IsDown = true };
        channel.Send("sent into the dark");
        Assert.That(peers.RunUntil(() => peers.Pair.Offerer.ConnectionState == PeerConnectionState.Disconnected, Minute), Is.True);
        peers.Conditions = conditions;
        Assert.That(peers.RunUntil(() => peers.Pair.Offerer.ConnectionState == PeerConnectionState.Connected && received == 1, Minute), Is.True);
    }

    [Test]
    public async Task Without_consent_for_30_seconds_the_connection_fails()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good);
        peers.Pair.Offerer.CreateDataChannel("x");
        await peers.ConnectAsync(Minute);
        var lost = peers.Elapsed;
        peers.Conditions = LinkConditions.Good with { IsDown = true };
        Assert.That(peers.RunUntil(() => peers.Pair.Offerer.ConnectionState == PeerConnectionState.Failed, Minute), Is.True);
        Assert.That(peers.Elapsed - lost, Is.InRange(TimeSpan.FromSeconds(23), TimeSpan.FromSeconds(37)));
    }

    [Test]
    public async Task An_ice_restart_revives_a_failed_connection()
    {
        await using var peers = new VirtualPeers(LinkConditions.Good);
        var channel = peers.Pair.Offerer.CreateDataChannel("x");
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
        peers.Conditions = LinkConditions.Good with { IsDown = true };
        Assert.That(peers.RunUntil(() => peers.Pair.Offerer.ConnectionState == PeerConnectionState.Failed, Minute), Is.True);
        peers.Conditions = LinkConditions.Good;
        await peers.Pair.NegotiateAsync(new OfferOptions { IceRestart = true });
        Assert.That(peers.RunUntil(() => peers.Pair.Offerer.ConnectionState == PeerConnectionState.Connected, Minute), Is.True);
        Assert.That(channel.ReadyState, Is.EqualTo(DataChannelState.Open));
    }
}
