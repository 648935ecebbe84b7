using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>Path MTU discovery of whole connections: IP, UDP, a relay's framing, DTLS and SCTP together make the size of a packet.</summary>
public sealed class VirtualPathMtuTests
{
    private const int Size = 64_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [TestCase(1280, false)]
    [TestCase(1400, false)]
    [TestCase(1500, false)]
    [TestCase(9000, false)]
    [TestCase(1280, true)]
    [TestCase(1500, true)]
    [TestCase(9000, true)]
    public async Task Packets_become_as_large_as_the_path_takes_and_no_larger(int mtu, bool isIPv6)
    {
        await using var peers = new VirtualPeers(Path(mtu, isIPv6), configure: options => options with { DataMaxPathMtu = Math.Max(1500, mtu) }, isIPv6: isIPv6);
        var transfer = await Transfer.BeginAsync(peers, messages: 200);
        Assert.That(peers.RunUntil(() => transfer.Received == 200, Minute), Is.True, () => $"{transfer.Received} messages");
        Assert.That(transfer.InOrder, Is.True);
        Assert.That(transfer.Largest, Is.InRange(mtu - HeaderOf(isIPv6) - 3, mtu - HeaderOf(isIPv6)));
        Assert.That(transfer.Oversize, Is.Zero, "nothing but probes is ever larger than the path");
        Assert.That((await StatisticsAsync(peers)).Mtu, Is.EqualTo((mtu - HeaderOf(isIPv6) - 37) & ~3));
    }

    [Test]
    public async Task Through_a_relay_its_framing_is_counted_too()
    {
        var relayOnly = new PeerConnectionConfiguration
        {
            IceServers = [new IceServer("turn:198.51.100.1") { Username = "alice", Credential = "secret" }],
            IceTransportPolicy = IceTransportPolicy.Relay,
        };
        var server = new TurnServerNode(TransportAddress.Parse("198.51.100.1", 3478));
        await using var peers = new VirtualPeers(Path(1400, isIPv6: false), configuration: relayOnly, server: server);
        var transfer = await Transfer.BeginAsync(peers, messages: 200);
        Assert.That(peers.RunUntil(() => transfer.Received == 200, Minute), Is.True, () => $"{transfer.Received} messages");
        Assert.That(transfer.Largest, Is.InRange(1369, 1372));
        Assert.That((await StatisticsAsync(peers)).Mtu, Is.EqualTo((1400 - 28 - 37 - 4) & ~3));
    }

    [Test]
    public async Task Switched_off_or_with_nothing_but_media_no_datagram_is_larger_than_told()
    {
        await using var peers = new VirtualPeers(Path(9000, isIPv6: false), configure: options => options with { DataMaxPathMtu = 0 });
        var transfer = await Transfer.BeginAsync(peers, messages: 50);
        Assert.That(peers.RunUntil(() => transfer.Received == 50, Minute), Is.True);
        Assert.That(transfer.Largest, Is.LessThanOrEqualTo(1200));
        Assert.That(transfer.Probes, Is.Zero);
    }

    [Test]
    public async Task Without_being_asked_no_packet_is_larger_than_ethernets()
    {
        // Chromium's DTLS ends with a record of more than 2,048 bytes: a probe of a jumbo frame would be the connection's last.
        await using var peers = new VirtualPeers(Path(9000, isIPv6: false));
        var transfer = await Transfer.BeginAsync(peers, messages: 100);
        Assert.That(peers.RunUntil(() => transfer.Received == 100, Minute), Is.True);
        Assert.That(transfer.Largest, Is.InRange(1469, 1472));
        Assert.That(transfer.LargestProbe, Is.LessThanOrEqualTo(1472));
    }

    [Test]
    public async Task A_connection_that_sends_little_never_probes()
    {
        await using var peers = new VirtualPeers(Path(1500, isIPv6: false));
        var transfer = await Transfer.BeginAsync(peers, messages: 0);
        for (var i = 0; i < 20; i++)
        {
            transfer.Channel.Send("short");
        }

        Assert.That(peers.RunUntil(() => transfer.Received == 20, Minute), Is.True);
        Assert.That(peers.RunUntil(() => false, Minute), Is.False);
        Assert.That(transfer.Probes, Is.Zero);
    }

    [Test]
    public async Task After_an_ice_restart_to_a_smaller_path_every_byte_arrives_in_packets_that_fit()
    {
        await using var peers = new VirtualPeers(
            Path(9000, isIPv6: false), configure: options => options with { DataMaxPathMtu = 9000 }, hasSecondInterface: true);
        var transfer = await Transfer.BeginAsync(peers, messages: 240);
        Assert.That(peers.RunUntil(() => transfer.Received > 50 && transfer.Largest > 8900, Minute), Is.True, () => $"{transfer.Largest} bytes");
        var before = await StatisticsAsync(peers);
        peers.SwitchInterface(Path(1280, isIPv6: false));
        await peers.Pair.NegotiateAsync(new OfferOptions { IceRestart = true });
        Assert.That(peers.RunUntil(() => PathChanges(peers) > 1, Minute), Is.True, "another path is selected");
        var restarted = await StatisticsAsync(peers);
        Assert.That(restarted.CongestionWindow, Is.LessThan(before.CongestionWindow / 2), "nothing of the old path counts for the new one");
        Assert.That(restarted.Mtu, Is.LessThan(1280));
        transfer.ResetSizes();
        Assert.That(peers.RunUntil(() => transfer.Received == 240, Minute), Is.True, () => $"{transfer.Received} messages, {StatisticsAsync(peers).Result}");
        Assert.That(transfer.InOrder, Is.True);
        Assert.That(transfer.Largest, Is.InRange(1249, 1252), "packets have become as large as the new path takes");
        Assert.That(transfer.Oversize, Is.LessThanOrEqualTo((before.CongestionWindow / 8900) + 1), "chunks cannot be cut again: what was under way may be cut by IP");
        Assert.That((await StatisticsAsync(peers)).PathMtuBlackHoles, Is.LessThanOrEqualTo(1));
    }

    private static int HeaderOf(bool isIPv6) => (isIPv6 ? 40 : 20) + 8;

    private static LinkConditions Path(int mtu, bool isIPv6) => LinkConditions.Good with
    {
        Delay = TimeSpan.FromMilliseconds(10),
        BandwidthBps = 20_000_000,
        QueueBytes = 100_000,
        Mtu = mtu - HeaderOf(isIPv6),
    };

    private static int PathChanges(VirtualPeers peers) =>
        (int)(peers.Pair.Offerer.Driver.ReadAsync<object>((session, _) => session.SelectedPathChanges, CancellationToken.None).GetAwaiter().GetResult() ?? 0);

    private static async Task<SctpStatistics> StatisticsAsync(VirtualPeers peers) =>
        (SctpStatistics)(await peers.Pair.Offerer.Driver.ReadAsync<object>((session, _) => session.Data.GetStatistics(), CancellationToken.None))!;

    /// <summary>Messages from the offerer to the answerer, and what is seen of them on the network.</summary>
    private sealed class Transfer
    {
        public required DataChannel Channel { get; init; }

        public int Received { get; private set; }

        public bool InOrder { get; private set; } = true;

        /// <summary>The largest datagram that is no probe and may not be cut.</summary>
        public int Largest { get; private set; }

        public int Oversize { get; private set; }

        public int Probes { get; private set; }

        public int LargestProbe { get; private set; }

        public static async Task<Transfer> BeginAsync(VirtualPeers peers, int messages)
        {
            var channel = peers.Pair.Offerer.CreateDataChannel("bulk");
            var transfer = new Transfer { Channel = channel };
            peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, m) => transfer.OnMessage(m.Message.Data.Span);
            await peers.ConnectAsync(Minute);
            Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
            peers.Interceptor = transfer.OnDatagram;
            for (var i = 0; i < messages; i++)
            {
                var message = new byte[Size];
                message.AsSpan().Fill((byte)i);
                BitConverter.TryWriteBytes(message, i);
                channel.Send(message);
            }

            return transfer;
        }

        public void ResetSizes() => Largest = 0;

        private void OnMessage(ReadOnlySpan<byte> message)
        {
            InOrder &= message.Length < Size || (BitConverter.ToInt32(message) == Received && !message[sizeof(int)..].ContainsAnyExcept((byte)Received));
            Received++;
        }

        private DatagramFate OnDatagram(VirtualDatagram datagram)
        {
            if (datagram.Kind == TransmitKind.Probe)
            {
                Probes++;
                LargestProbe = Math.Max(LargestProbe, datagram.Bytes.Length);
            }
            else if (datagram.Kind == TransmitKind.Normal)
            {
                Largest = Math.Max(Largest, datagram.Bytes.Length);
            }
            else
            {
                Oversize++;
            }

            return DatagramFate.Pass;
        }
    }
}
