using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>Path MTU discovery of associations that transfer, over paths that swallow what is too large in silence.</summary>
public class PathMtuNetworkTests
{
    private const int Overhead = 28;
    private const int BaseSize = 1160;
    private static readonly SctpOptions Options = new() { PathMtuDiscovery = true };

    [TestCase(1280, 4)]
    [TestCase(1400, 4)]
    [TestCase(1500, 1)]
    [TestCase(9000, 1)]
    public void Largest_packet_that_gets_through_is_found_in_seconds_and_used(int mtu, int seconds)
    {
        var transfer = new Transfer(Path(mtu), megabytes: 40);
        var begun = transfer.Now;
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == ((mtu - Overhead) & ~3)), Is.True, () => $"{transfer.Sender.Mtu} bytes");
        Assert.That(transfer.Now - begun, Is.LessThan(TimeSpan.FromSeconds(seconds)));
        transfer.Finish();
        var used = transfer.Sizes.Count(size => size == ((mtu - Overhead) & ~3));
        Assert.That(used * (mtu - Overhead), Is.GreaterThan(10_000_000), "half of it at least went in packets of that size");
        Assert.That(transfer.Sender.PathMtuBlackHoles, Is.Zero);
    }

    [Test]
    public void Probes_that_vanish_cost_no_window_and_no_retransmission()
    {
        var transfer = new Transfer(Path(1280) with { BandwidthBps = null }, megabytes: 20);
        transfer.Finish();
        transfer.RunFor(TimeSpan.FromSeconds(10));
        Assert.That(transfer.Sender.PathMtuProbes, Is.EqualTo(7));
        Assert.That(transfer.Sender.Mtu, Is.EqualTo(1252));
        Assert.That(transfer.Sender.SlowStartThreshold, Is.EqualTo(long.MaxValue), "probe loss is not congestion");
        Assert.That(transfer.Sender.Retransmissions, Is.Zero);
    }

    [TestCase(1500, 1280)]
    [TestCase(9000, 1500)]
    [TestCase(9000, 1280)]
    public void Path_that_shrinks_in_silence_is_found_out_and_every_byte_arrives(int before, int after)
    {
        var transfer = new Transfer(Path(before), megabytes: 20);
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == ((before - Overhead) & ~3) && transfer.Received > 4_000_000), Is.True);
        transfer.Conditions = Path(after);
        var received = transfer.Received;
        var changed = transfer.Now;
        Assert.That(transfer.RunUntil(() => transfer.Received > received + 500_000), Is.True);
        Assert.That(transfer.Now - changed, Is.LessThan(TimeSpan.FromSeconds(2)), "a retransmission timeout, not the give-up of a connection");
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == ((after - Overhead) & ~3)), Is.True, () => $"{transfer.Sender.Mtu} bytes");
        Assert.That(transfer.Sender.PathMtuBlackHoles, Is.EqualTo(1));
        transfer.Finish();
        Assert.That(transfer.Fragmented, Is.Positive.And.LessThan(400), "what had been cut for the larger path, and nothing else");
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Ten_percent_of_loss_does_not_keep_the_size_from_being_found(int seed)
    {
        var transfer = new Transfer(Path(1500) with { LossRate = 0.1 }, megabytes: 5, seed);
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == 1472, seconds: 60), Is.True, () => $"{transfer.Sender.Mtu} bytes, {transfer.Sender.PathMtuProbes} probes");
        transfer.Finish();
    }

    [Test]
    public void Peer_that_answers_no_probe_gets_packets_of_the_base_size()
    {
        var transfer = new Transfer(Path(1500), megabytes: 20) { Interceptor = datagram => datagram.Kind == TransmitKind.Probe ? DatagramFate.Drop : DatagramFate.Pass };
        transfer.Finish();
        transfer.RunFor(TimeSpan.FromSeconds(10));
        Assert.That(transfer.Sender.Mtu, Is.EqualTo(BaseSize));
        Assert.That(transfer.Sender.PathMtuProbes, Is.EqualTo(6), "three for Ethernet, three for the least of the others");
    }

    [Test]
    public void Path_below_the_base_size_still_carries_everything()
    {
        var transfer = new Transfer(Path(1100), megabytes: 2);
        transfer.Finish();
        Assert.That(transfer.Sender.Mtu, Is.EqualTo(BaseSize));
        Assert.That(transfer.Fragmented, Is.GreaterThan(1000));
    }

    [Test]
    public void After_a_black_out_packets_are_soon_as_large_as_before()
    {
        var transfer = new Transfer(Path(1500), megabytes: 20);
        Assert.That(transfer.RunUntil(() => transfer.Received > 4_000_000), Is.True);
        transfer.Conditions = Path(1500) with { IsDown = true };
        transfer.RunFor(TimeSpan.FromSeconds(10));
        transfer.Conditions = Path(1500);
        var over = transfer.Now;
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == 1472), Is.True, () => $"{transfer.Sender.Mtu} bytes");
        Assert.That(transfer.Now - over, Is.LessThan(TimeSpan.FromSeconds(5)));
        transfer.Finish();
    }

    [Test]
    public void Small_messages_that_are_bundled_find_a_black_hole_too()
    {
        var transfer = new Transfer(Path(1500), megabytes: 8, messageSize: 100);
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == 1472 && transfer.Received > 1_000_000), Is.True);
        transfer.Conditions = Path(1280);
        Assert.That(transfer.RunUntil(() => transfer.Sender.Mtu == 1252), Is.True, () => $"{transfer.Sender.Mtu} bytes");
        transfer.Finish();
        Assert.That(transfer.Fragmented, Is.Zero, "small chunks are bundled anew");
    }

    [Test]
    public void Window_in_bytes_stays_when_packets_become_larger([Values] SctpCongestionControl control)
    {
        var transfer = new Transfer(Path(9000), megabytes: 20, options: Options with { CongestionControl = control });
        var windows = new List<(int Mtu, long Window)>();
        transfer.RunUntil(() =>
        {
            windows.Add((transfer.Sender.Mtu, transfer.Sender.CongestionWindow));
            return transfer.Sender.Mtu > 8000;
        });
        transfer.Finish();
        var jumps = windows.Zip(windows.Skip(1)).Where(pair => pair.First.Mtu != pair.Second.Mtu).ToList();
        Assert.That(jumps, Is.Not.Empty);
        foreach (var (first, second) in jumps)
        {
            Assert.That(second.Window, Is.LessThan((first.Window * 1.5) + (2 * second.Mtu)));
        }
    }

    private static LinkConditions Path(int mtu) => new()
    {
        Delay = TimeSpan.FromMilliseconds(10),
        BandwidthBps = 50_000_000,
        QueueBytes = 250_000,
        Mtu = mtu - Overhead,
    };

    /// <summary>A message after another from A to B; what arrives is compared with what was sent.</summary>
    private sealed class Transfer
    {
        private readonly AssociationPair _pair;
        private readonly int _messages;
        private readonly int _messageSize;
        private int _sent;
        private int _received;

        public Transfer(LinkConditions conditions, int megabytes, int seed = 1, int messageSize = 40_000, SctpOptions? options = null)
        {
            _messageSize = messageSize;
            _messages = megabytes * 1_000_000 / messageSize;
            _pair = new AssociationPair(conditions, options ?? Options, seed: seed);
            foreach (var node in new[] { _pair.A, _pair.B })
            {
                node.Association.SetPath(Overhead, 9000);
            }

            _pair.Pair.A.TransmitBufferSize = _pair.Pair.B.TransmitBufferSize = 9216;
            _pair.Connect();
            _pair.Pair.Network.Interceptor = datagram =>
            {
                if (datagram.From == _pair.Pair.A && datagram.Kind == TransmitKind.Normal)
                {
                    Sizes.Add(datagram.Bytes.Length);
                }

                return Interceptor?.Invoke(datagram) ?? DatagramFate.Pass;
            };
            _pair.A.AfterEvents = Fill;
            _pair.B.AfterEvents = _ => Check();
        }

        public Func<VirtualDatagram, DatagramFate>? Interceptor { get; init; }

        public List<int> Sizes { get; } = [];

        public Instant Now => _pair.Pair.Now;

        public long Received => (long)_received * _messageSize;

        public SctpStatistics Sender => _pair.A.Association.GetStatistics();

        public long Fragmented => _pair.Pair.Network.Link(_pair.Pair.A, _pair.Pair.B).Fragmented;

        public LinkConditions Conditions
        {
            set => _pair.Pair.Network.Conditions = value;
        }

        public bool RunUntil(Func<bool> until, int seconds = 60) => _pair.Pair.Drive(until, TimeSpan.FromSeconds(seconds));

        public void RunFor(TimeSpan time) => _pair.Pair.Drive(time);

        public void Finish() => Assert.That(RunUntil(() => _received == _messages, seconds: 600), Is.True, () => $"{_received} of {_messages} messages");

        private void Fill(Instant now)
        {
            for (; _sent < _messages && _pair.A.Association.GetBufferedAmount(1) < 500_000; _sent++)
            {
                _pair.A.Association.Send(1, new SctpSendParameters(53), Bytes.Random(_messageSize, _sent), now);
            }
        }

        private void Check()
        {
            foreach (var message in _pair.B.Messages)
            {
                Assert.That(message.Bytes.AsSpan().SequenceEqual(Bytes.Random(_messageSize, _received)), Is.True, $"message {_received}");
                _received++;
            }

            _pair.B.Messages.Clear();
        }
    }
}
