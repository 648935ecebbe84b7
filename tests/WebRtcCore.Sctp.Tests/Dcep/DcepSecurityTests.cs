using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Dcep;

/// <summary>A data channel session (DTLS client: even ids are its own) against a bare association that says what the test wants.</summary>
public class DcepSecurityTests
{
    private const uint Control = 50;

    private sealed class Setup
    {
        public Setup(DataChannelSessionOptions? options = null)
        {
            Session = new SessionNode(1, options);
            Peer = new AssociationNode(2);
            Pair = new Pair(Session, Peer);
            Session.Session.Start(isDtlsClient: true, Pair.Now);
            Assert.That(Pair.Drive(() => Session.Session.State == SctpAssociationState.Established && Peer.Association.State == SctpAssociationState.Established), Is.True);
        }

        public SessionNode Session { get; }

        public AssociationNode Peer { get; }

        public Pair Pair { get; }

        public void Send(ushort stream, uint ppid, byte[] message, bool isUnordered = false)
        {
            Assert.That(Peer.Association.Send(stream, new SctpSendParameters(ppid, isUnordered), message, Pair.Now), Is.True);
            Pair.Drive(TimeSpan.FromMilliseconds(50));
        }

        public void Open(ushort stream, DataChannelParameters? parameters = null) => Send(stream, Control, OpenMessage.Encode(parameters ?? new DataChannelParameters { Label = "x" }));

        public bool IsReset(ushort stream) => Peer.Events.Any(e => e.Kind == SctpEventKind.IncomingStreamReset && e.StreamId == stream);
    }

    [Test]
    public void Open_on_a_stream_of_the_wrong_parity_is_refused_by_a_reset()
    {
        var setup = new Setup();
        setup.Open(2);
        Assert.That(setup.Session.Incoming, Is.Empty);
        Assert.That(setup.IsReset(2), Is.True);
        Assert.That(setup.Peer.Messages, Is.Empty, "no ACK");
        setup.Open(3);
        Assert.That(setup.Session.Incoming.Count(), Is.EqualTo(1));
        Assert.That(setup.Peer.Messages.Single().Bytes, Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public void Second_open_on_a_stream_closes_the_channel()
    {
        var setup = new Setup();
        setup.Open(1);
        setup.Open(1);
        Assert.That(setup.Session.Incoming.Count(), Is.EqualTo(1));
        Assert.That(setup.Session.Session.GetState(setup.Session.Incoming.First()), Is.EqualTo(DataChannelState.Closing));
        Assert.That(setup.IsReset(1), Is.True);
    }

    [Test]
    public void Malformed_open_messages_are_refused()
    {
        var good = OpenMessage.Encode(new DataChannelParameters { Label = "label", Protocol = "p" });
        byte[][] bad =
        [
            good[..11], good[..^1], [.. good, 0], [3, 0x03, .. good[2..]], [3, 0x7F, .. good[2..]], [.. good[..12], 0xC3, .. good[13..]],
            [0x04, .. good[1..]], [0x03],
        ];
        var setup = new Setup();
        for (var i = 0; i < bad.Length; i++)
        {
            var stream = (ushort)((2 * i) + 1);
            setup.Send(stream, Control, bad[i]);
            Assert.That(setup.IsReset(stream), Is.True, Convert.ToHexString(bad[i]));
        }

        Assert.That(setup.Session.Incoming, Is.Empty);
        Assert.That(setup.Session.Session.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Flood_of_channels_is_capped()
    {
        var setup = new Setup(new DataChannelSessionOptions { MaxChannels = 10 });
        for (var i = 0; i < 50; i++)
        {
            setup.Open((ushort)((2 * i) + 1));
        }

        Assert.That(setup.Session.Incoming.Count(), Is.EqualTo(10));
        Assert.That(() => setup.Session.Session.OpenChannel(new DataChannelParameters(), setup.Pair.Now), Throws.InvalidOperationException);
    }

    [Test]
    public void Channels_opened_faster_than_the_rate_are_refused_and_later_ones_taken()
    {
        var setup = new Setup();
        var refused = 0;
        var open = OpenMessage.Encode(new DataChannelParameters { Label = "x" });
        for (var i = 0; i < OpenRate.Burst + 500; i++)
        {
            setup.Peer.Association.Send((ushort)((2 * i) + 1), new SctpSendParameters(Control), open, setup.Pair.Now);
        }

        Assert.That(setup.Pair.Drive(() => setup.Peer.Association.GetStatistics().UnacknowledgedChunks == 0), Is.True);
        setup.Pair.Drive(TimeSpan.FromSeconds(2));
        refused = setup.Peer.Events.Count(e => e.Kind == SctpEventKind.IncomingStreamReset);
        Assert.That(setup.Session.Incoming.Count(), Is.InRange(OpenRate.Burst, OpenRate.Burst + 250), "those of the burst and of the time that it took");
        Assert.That(setup.Session.Incoming.Count() + refused, Is.EqualTo(OpenRate.Burst + 500));
        setup.Open(65_001);
        Assert.That(setup.IsReset(65_001), Is.False);
    }

    [Test]
    public void Open_rate_recovers_with_time_and_never_beyond_its_burst()
    {
        var rate = new OpenRate();
        var now = VirtualClock.Start;
        Assert.That(Enumerable.Range(0, OpenRate.Burst + 10).Count(_ => rate.TryTake(now)), Is.EqualTo(OpenRate.Burst));
        now += TimeSpan.FromMilliseconds(3);
        Assert.That(Enumerable.Range(0, 10).Count(_ => rate.TryTake(now)), Is.EqualTo(3));
        now += TimeSpan.FromHours(1);
        Assert.That(Enumerable.Range(0, OpenRate.Burst + 10).Count(_ => rate.TryTake(now)), Is.EqualTo(OpenRate.Burst));
    }

    [Test]
    public void Messages_that_overtake_their_open_are_kept_within_a_bound()
    {
        var setup = new Setup(new DataChannelSessionOptions { MaxEarlyMessageBytes = 1000 });
        setup.Send(1, 53, Bytes.Random(600), isUnordered: true);
        setup.Send(1, 53, Bytes.Random(600), isUnordered: true);
        setup.Send(1, 51, "hi"u8.ToArray(), isUnordered: true);
        Assert.That(setup.Session.Messages, Is.Empty);
        setup.Open(1, new DataChannelParameters { Ordered = false });
        Assert.That(setup.Session.Messages.Select(message => message.Bytes.Length), Is.EqualTo(new[] { 600, 2 }));
        Assert.That(setup.Session.Session.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024));
    }

    [Test]
    public void Messages_on_streams_that_the_peer_may_not_open_are_dropped()
    {
        var setup = new Setup();
        setup.Send(2, 53, [1]);
        Assert.That(setup.Session.Messages, Is.Empty);
        Assert.That(setup.Session.Session.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024));
    }

    [TestCase(52u)]
    [TestCase(54u)]
    [TestCase(55u)]
    [TestCase(0u)]
    [TestCase(1000u)]
    public void Unsupported_payload_protocol_closes_the_channel(uint ppid)
    {
        var setup = new Setup();
        setup.Open(1);
        setup.Send(1, ppid, [1]);
        Assert.That(setup.Session.Messages, Is.Empty);
        Assert.That(setup.IsReset(1), Is.True);
        Assert.That(setup.Session.Session.GetState(setup.Session.Incoming.First()), Is.EqualTo(DataChannelState.Closing));
    }

    [Test]
    public void Ack_out_of_nowhere_is_ignored()
    {
        var setup = new Setup();
        setup.Send(9, Control, [2]);
        Assert.That(setup.IsReset(9), Is.False);
        Assert.That(setup.Session.Session.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Reset_of_a_stream_without_channel_is_harmless()
    {
        var setup = new Setup();
        setup.Send(9, 53, [1]);
        setup.Peer.Association.ResetStream(9, setup.Pair.Now);
        setup.Pair.Drive(TimeSpan.FromSeconds(2));
        setup.Open(9);
        Assert.That(setup.Session.Incoming.Count(), Is.EqualTo(1));
        Assert.That(setup.Session.Messages, Is.Empty, "what came before the reset is gone");
    }

    [Test]
    public void Tiny_messages_without_open_are_capped_in_number()
    {
        var setup = new Setup();
        for (var i = 0; i < 400; i++)
        {
            setup.Peer.Association.Send(1, new SctpSendParameters(53, IsUnordered: true), [1], setup.Pair.Now);
        }

        setup.Pair.Drive(TimeSpan.FromSeconds(1));
        setup.Open(1, new DataChannelParameters { Ordered = false });
        Assert.That(setup.Session.Messages, Has.Count.EqualTo(256));
    }

    [Test]
    public void Abort_by_the_peer_closes_every_channel()
    {
        var setup = new Setup();
        setup.Open(1);
        setup.Open(3);
        setup.Peer.Association.Abort(setup.Pair.Now, "x");
        setup.Pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(setup.Session.Count(DataChannelEventKind.ChannelClosed), Is.EqualTo(2));
    }

    [TestCase(0x00, true, null, null)]
    [TestCase(0x80, false, null, null)]
    [TestCase(0x01, true, 5, null)]
    [TestCase(0x81, false, 5, null)]
    [TestCase(0x02, true, null, 5)]
    [TestCase(0x82, false, null, 5)]
    public void Channel_types_stand_for_order_and_reliability(int type, bool ordered, int? retransmits, int? lifetime)
    {
        byte[] message = [3, (byte)type, 1, 0, 0, 0, 0, (byte)(type == 0 || type == 0x80 ? 0 : 5), 0, 1, 0, 0, (byte)'a'];
        Assert.That(OpenMessage.TryParse(message, 3, out var parameters), Is.True);
        Assert.That(parameters, Is.EqualTo(new DataChannelParameters
        {
            Label = "a",
            Ordered = ordered,
            MaxRetransmits = (ushort?)retransmits,
            MaxPacketLifeTime = lifetime is null ? null : TimeSpan.FromMilliseconds(lifetime.Value),
            Id = 3,
        }));
        Assert.That(OpenMessage.Encode(parameters!), Is.EqualTo(message));
    }

    [Test]
    public void Open_messages_make_the_round_trip() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.String[CsCheck.Gen.Char['\u0020', '\uD7FF'], 0, 50], CsCheck.Gen.Bool, CsCheck.Gen.UShort, CsCheck.Gen.Int[0, 2]),
        tuple =>
        {
            var (label, ordered, limit, kind) = tuple;
            var parameters = new DataChannelParameters
            {
                Label = label,
                Protocol = label,
                Ordered = ordered,
                Priority = limit,
                MaxRetransmits = kind == 1 ? limit : null,
                MaxPacketLifeTime = kind == 2 ? TimeSpan.FromMilliseconds(limit) : null,
                Id = 1,
            };
            return OpenMessage.TryParse(OpenMessage.Encode(parameters), 1, out var parsed) && parsed == parameters;
        });
}
