using System.Text;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Dcep;

public class DataChannelSessionTests
{
    [Test]
    public void Opens_a_channel_and_tells_the_peer_its_parameters()
    {
        var pair = SessionPair.Connected();
        var parameters = new DataChannelParameters { Label = "Größe", Protocol = "p", Ordered = false, MaxRetransmits = 3, Priority = 512 };
        var (atA, atB) = pair.Open(parameters);

        var incoming = pair.B.Find(DataChannelEventKind.ChannelIncoming, atB)!.Value.Parameters!;
        Assert.That(incoming, Is.EqualTo(parameters with { Id = 0 }));
        Assert.That(pair.A.Session.GetStreamId(atA), Is.EqualTo((ushort)0));
        Assert.That(pair.A.Count(DataChannelEventKind.ChannelOpened), Is.EqualTo(1));
    }

    [Test]
    public void Channel_opened_before_the_start_gets_its_id_with_the_role([Values] bool isClient)
    {
        var pair = new SessionPair();
        var channel = pair.A.Session.OpenChannel(new DataChannelParameters { Label = "early" }, pair.Pair.Now);
        Assert.That(pair.A.Session.GetStreamId(channel), Is.Null);
        pair.A.Session.Start(isClient, pair.Pair.Now);
        pair.B.Session.Start(!isClient, pair.Pair.Now);
        Assert.That(pair.A.Session.GetStreamId(channel), Is.EqualTo((ushort)(isClient ? 0 : 1)));
        pair.Run(() => pair.B.Incoming.Any());
    }

    [Test]
    public void Negotiated_channels_meet_without_open_messages()
    {
        var pair = new SessionPair();
        var parameters = new DataChannelParameters { Negotiated = true, Id = 7 };
        var atA = pair.A.Session.OpenChannel(parameters, pair.Pair.Now);
        var atB = pair.B.Session.OpenChannel(parameters, pair.Pair.Now);
        pair.Connect();
        pair.SendA(atA, "hello");
        pair.Run(() => pair.B.Texts.Contains("hello"));
        Assert.That(pair.B.Messages[0].Channel, Is.EqualTo(atB));
        Assert.That(pair.B.Incoming, Is.Empty);
    }

    [Test]
    public void Exchanges_text_binary_and_empty_messages()
    {
        var pair = SessionPair.Connected();
        var (atA, atB) = pair.Open();
        pair.SendA(atA, "text");
        pair.SendA(atA, "");
        pair.A.Session.Send(atA, DataChannelMessageKind.Binary, [1, 2], pair.Pair.Now);
        pair.A.Session.Send(atA, DataChannelMessageKind.Binary, ReadOnlySpan<byte>.Empty, pair.Pair.Now);
        pair.SendB(atB, "back");

        pair.Run(() => pair.B.Messages.Count == 4 && pair.A.Messages.Count == 1);
        Assert.That(pair.B.Messages.Select(m => m.Kind), Is.EqualTo(new[]
        {
            DataChannelMessageKind.Text, DataChannelMessageKind.Text, DataChannelMessageKind.Binary, DataChannelMessageKind.Binary,
        }));
        Assert.That(pair.B.Messages.Select(m => m.Bytes.Length), Is.EqualTo(new[] { 4, 0, 2, 0 }));
        Assert.That(pair.A.Session.GetStatistics(atA), Is.EqualTo(new DataChannelStatistics { MessagesSent = 4, BytesSent = 6, MessagesReceived = 1, BytesReceived = 4 }));
    }

    [Test]
    public void Given_buffers_are_sent_without_copy_and_disposed()
    {
        var pair = SessionPair.Connected();
        var (atA, _) = pair.Open();
        var buffer = PooledBuffer.CopyOf(Bytes.Random(5000));
        var empty = PooledBuffer.Rent(0);
        Assert.That(pair.A.Session.Send(atA, DataChannelMessageKind.Binary, buffer, pair.Pair.Now), Is.EqualTo(DataChannelSendResult.Queued));
        Assert.That(pair.A.Session.Send(atA, DataChannelMessageKind.Binary, empty, pair.Pair.Now), Is.EqualTo(DataChannelSendResult.Queued));
        pair.Run(() => pair.B.Messages.Count == 2);
        pair.Pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(pair.B.Messages[0].Bytes, Is.EqualTo(Bytes.Random(5000)));
        Assert.That(() => buffer.Span.Length, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Message_larger_than_the_peer_takes_is_refused_and_the_largest_arrives()
    {
        var options = new DataChannelSessionOptions { RemoteMaxMessageSize = 262_144 };
        var pair = SessionPair.Connected(optionsA: options);
        var (atA, _) = pair.Open();
        Assert.That(pair.A.Session.MaxSendMessageSize, Is.EqualTo(262_144));
        Assert.That(pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[262_145], pair.Pair.Now), Is.EqualTo(DataChannelSendResult.MessageTooLarge));
        Assert.That(pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[262_144], pair.Pair.Now), Is.EqualTo(DataChannelSendResult.Queued));
        pair.Run(() => pair.B.Messages.Count == 1);
    }

    [Test]
    public void Received_message_beyond_the_own_limit_closes_the_channel()
    {
        var optionsA = new DataChannelSessionOptions { RemoteMaxMessageSize = 0 };
        var optionsB = new DataChannelSessionOptions { Sctp = new SctpOptions { MaxReceiveMessageSize = 10_000 } };
        var pair = SessionPair.Connected(optionsA: optionsA, optionsB: optionsB);
        var (atA, atB) = pair.Open();
        pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[10_001], pair.Pair.Now);
        pair.Run(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 1 && pair.B.Count(DataChannelEventKind.ChannelClosed) == 1);
        Assert.That(pair.B.Find(DataChannelEventKind.ChannelClosed, atB)!.Value.Error!.Kind, Is.EqualTo(SctpErrorKind.ReceivedMessageTooLarge));
        Assert.That(pair.B.Messages, Is.Empty);
    }

    [Test]
    public void Buffered_amount_falls_and_says_so()
    {
        var pair = SessionPair.Connected();
        var (atA, _) = pair.Open();
        pair.A.Session.SetBufferedAmountLowThreshold(atA, 10_000);
        pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[60_000], pair.Pair.Now);
        Assert.That(pair.A.Session.GetBufferedAmount(atA), Is.EqualTo(60_000));
        pair.Run(() => pair.A.Count(DataChannelEventKind.BufferedAmountLow) == 1);
        Assert.That(pair.A.Session.GetBufferedAmount(atA), Is.LessThanOrEqualTo(10_000));
        pair.Run(() => pair.B.Messages.Count == 1);
        Assert.That(pair.A.Session.GetBufferedAmount(atA), Is.Zero);
    }

    [Test]
    public void Full_send_buffer_refuses_further_messages()
    {
        var pair = SessionPair.Connected(optionsA: new DataChannelSessionOptions { SendBufferLimit = 100_000 });
        var (atA, _) = pair.Open();
        Assert.That(pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[60_000], pair.Pair.Now), Is.EqualTo(DataChannelSendResult.Queued));
        Assert.That(pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[60_000], pair.Pair.Now), Is.EqualTo(DataChannelSendResult.BufferFull));
    }

    [Test]
    public void Nothing_can_be_sent_before_open_or_after_close()
    {
        var pair = new SessionPair();
        var channel = pair.A.Session.OpenChannel(new DataChannelParameters(), pair.Pair.Now);
        Assert.That(pair.SendA(channel, "x"), Is.EqualTo(DataChannelSendResult.NotOpen));
        pair.Connect();
        pair.Run(() => pair.A.Session.GetState(channel) == DataChannelState.Open);
        pair.A.Session.CloseChannel(channel, pair.Pair.Now);
        Assert.That(pair.SendA(channel, "x"), Is.EqualTo(DataChannelSendResult.NotOpen));
        Assert.That(pair.SendA(new DataChannelId(99), "x"), Is.EqualTo(DataChannelSendResult.NotOpen));
    }

    [Test]
    public void Closing_delivers_what_was_accepted_and_frees_the_id()
    {
        var pair = SessionPair.Connected();
        var (atA, atB) = pair.Open();
        pair.SendA(atA, new string('x', 20_000));
        pair.A.Session.CloseChannel(atA, pair.Pair.Now);
        Assert.That(pair.A.Session.GetState(atA), Is.EqualTo(DataChannelState.Closing));
        pair.Run(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 1 && pair.B.Count(DataChannelEventKind.ChannelClosed) == 1);
        Assert.That(pair.B.Messages, Has.Count.EqualTo(1));
        Assert.That(pair.B.Find(DataChannelEventKind.ChannelClosing, atB), Is.Not.Null);
        Assert.That(pair.B.Find(DataChannelEventKind.ChannelClosed, atB)!.Value.Error, Is.Null);
        Assert.That(pair.B.Session.GetState(atB), Is.EqualTo(DataChannelState.Closed));

        var (again, _) = pair.Open();
        Assert.That(pair.A.Session.GetStreamId(again), Is.EqualTo((ushort)0));
        pair.SendA(again, "again");
        pair.Run(() => pair.B.Texts.Contains("again"));
    }

    [Test]
    public void Both_sides_may_close_at_once()
    {
        var pair = SessionPair.Connected();
        var (atA, atB) = pair.Open();
        pair.A.Session.CloseChannel(atA, pair.Pair.Now);
        pair.B.Session.CloseChannel(atB, pair.Pair.Now);
        pair.Run(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 1 && pair.B.Count(DataChannelEventKind.ChannelClosed) == 1);
    }

    [Test]
    public void Channel_closed_before_the_association_is_there_is_closed_everywhere()
    {
        var pair = new SessionPair();
        var never = pair.A.Session.OpenChannel(new DataChannelParameters { Label = "never" }, pair.Pair.Now);
        pair.A.Session.CloseChannel(never, pair.Pair.Now);
        Assert.That(pair.A.Session.GetState(never), Is.EqualTo(DataChannelState.Closed));

        pair.A.Session.Start(isDtlsClient: true, pair.Pair.Now);
        var brief = pair.A.Session.OpenChannel(new DataChannelParameters { Label = "brief" }, pair.Pair.Now);
        pair.A.Session.CloseChannel(brief, pair.Pair.Now);
        pair.B.Session.Start(isDtlsClient: false, pair.Pair.Now);
        pair.Run(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 2 && pair.B.Count(DataChannelEventKind.ChannelClosed) == 1);
    }

    [Test]
    public void Stream_ids_are_used_again_without_races([Values(0, 0.2)] double loss, [Values(1, 2, 3, 4, 5)] int seed)
    {
        var pair = SessionPair.Connected(new LinkConditions { LossRate = loss, ReorderRate = 0.1, DuplicationRate = 0.1 }, seed: seed);
        for (var round = 0; round < 20; round++)
        {
            var channel = pair.A.Session.OpenChannel(new DataChannelParameters { Label = $"{round}" }, pair.Pair.Now);
            pair.Run(() => pair.A.Session.GetState(channel) == DataChannelState.Open);
            pair.SendA(channel, $"message {round}");
            pair.A.Session.CloseChannel(channel, pair.Pair.Now);
            pair.Run(() => pair.A.Session.GetState(channel) == DataChannelState.Closed);
        }

        pair.Run(() => pair.B.Count(DataChannelEventKind.ChannelClosed) == 20);
        Assert.That(pair.B.Texts, Is.EqualTo(Enumerable.Range(0, 20).Select(round => $"message {round}")));
        Assert.That(pair.A.Session.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Two_thousand_channels_work_on_one_association()
    {
        var pair = SessionPair.Connected();
        var channels = Enumerable.Range(0, 2000).Select(i => pair.A.Session.OpenChannel(new DataChannelParameters { Label = $"{i}" }, pair.Pair.Now)).ToList();
        pair.Run(() => pair.B.Incoming.Count() == 2000);
        foreach (var channel in channels)
        {
            pair.SendA(channel, $"{channel.Value}");
        }

        pair.Run(() => pair.B.Messages.Count == 2000);
        foreach (var channel in channels)
        {
            pair.A.Session.CloseChannel(channel, pair.Pair.Now);
        }

        pair.Run(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 2000 && pair.B.Count(DataChannelEventKind.ChannelClosed) == 2000);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Channels_share_the_association_by_priority_in_both_directions(bool isOpener)
    {
        var options = new DataChannelSessionOptions { SendBufferLimit = 64 * 1024 * 1024, RemoteMaxMessageSize = 0 };
        var pair = SessionPair.Connected(new LinkConditions { BandwidthBps = 20_000_000, QueueBytes = 64 * 1024 }, options);
        ushort[] priorities = [128, 256, 512, 1024];
        var channels = priorities.Select(priority => pair.Open(new DataChannelParameters { Label = $"{priority}", Priority = priority })).ToList();
        foreach (var (atA, atB) in channels)
        {
            for (var i = 0; i < 200; i++)
            {
                var (sender, channel) = isOpener ? (pair.A, atA) : (pair.B, atB);
                Assert.That(sender.Session.Send(channel, DataChannelMessageKind.Binary, Bytes.Random(20_000), pair.Pair.Now), Is.EqualTo(DataChannelSendResult.Queued));
            }
        }

        // As long as all have something to send.
        pair.Pair.Drive(TimeSpan.FromSeconds(3));
        var receiver = isOpener ? pair.B : pair.A;
        var counts = channels.Select(pair => receiver.Messages.Count(message => message.Channel == (isOpener ? pair.AtB : pair.AtA))).ToList();
        TestContext.Out.WriteLine(string.Join(", ", counts));
        Assert.That(counts.Max(), Is.LessThan(200));
        for (var i = 0; i < priorities.Length; i++)
        {
            Assert.That((double)counts[i] / counts.Sum(), Is.EqualTo(priorities[i] / 1920.0).Within(0.02));
        }
    }

    [Test]
    public void Close_aborts_and_closes_every_channel_on_both_sides()
    {
        var pair = SessionPair.Connected();
        pair.Open();
        pair.A.Session.Close(pair.Pair.Now);
        pair.Run(() => pair.B.Session.State == SctpAssociationState.Closed && pair.A.Session.State == SctpAssociationState.Closed);
        pair.Run(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 1 && pair.B.Count(DataChannelEventKind.ChannelClosed) == 1);
        var closed = pair.B.Events.Last(e => e.Kind == DataChannelEventKind.StateChanged);
        Assert.That(closed.Error, Is.EqualTo(new SctpError(SctpErrorKind.AbortedByPeer, 12, "Close called")));
        Assert.That(pair.A.Session.NextTimeout, Is.Null);
        Assert.That(() => pair.A.Session.OpenChannel(new DataChannelParameters(), pair.Pair.Now), Throws.InvalidOperationException);
    }

    [Test]
    public void Shutdown_delivers_everything_first()
    {
        var pair = SessionPair.Connected(new LinkConditions { LossRate = 0.1 });
        var (atA, _) = pair.Open();
        pair.SendA(atA, new string('y', 50_000));
        pair.A.Session.Shutdown(pair.Pair.Now);
        pair.Run(() => pair.A.Session.State == SctpAssociationState.Closed && pair.B.Session.State == SctpAssociationState.Closed);
        Assert.That(pair.B.Messages, Has.Count.EqualTo(1));
        Assert.That(pair.B.Events.Last(e => e.Kind == DataChannelEventKind.StateChanged).Error, Is.Null);
    }

    [Test]
    public void Unordered_messages_wait_for_the_ack_in_order_and_overtake_after_it()
    {
        var pair = SessionPair.Connected();
        var (atA, _) = pair.Open(new DataChannelParameters { Ordered = false });
        pair.Pair.Drive(TimeSpan.FromSeconds(1));
        pair.SendA(atA, "first");

        // The first datagram is lost; the second overtakes it.
        pair.Pair.Network.Conditions = new LinkConditions { IsDown = true };
        pair.Pair.Drive(TimeSpan.FromMilliseconds(1));
        pair.Pair.Network.Conditions = LinkConditions.Good;
        pair.SendA(atA, "second");
        pair.Run(() => pair.B.Messages.Count == 2);
        Assert.That(pair.B.Texts, Is.EqualTo(new[] { "second", "first" }));
    }

    [Test]
    public void A_message_of_the_peer_ends_the_wait_for_its_ack_too()
    {
        // Lost are the peer's first packet, with the ACK, and the first large message to it, which the second overtakes.
        var pair = SessionPair.Connected();
        var (isAnswerLost, isMessageLost) = (false, false);
        pair.Pair.Network.Interceptor = datagram =>
        {
            var isOfPeer = datagram.From == pair.Pair.B;
            var isLost = isOfPeer ? !isAnswerLost : datagram.Bytes.Length > 1000 && !isMessageLost;
            isAnswerLost |= isLost && isOfPeer;
            isMessageLost |= isLost && !isOfPeer;
            return isLost ? DatagramFate.Drop : DatagramFate.Pass;
        };
        var atA = pair.A.Session.OpenChannel(new DataChannelParameters { Ordered = false }, pair.Pair.Now);
        pair.Run(() => pair.B.Incoming.Any());
        pair.SendB(pair.B.Incoming.Single(), "from the peer");
        pair.Run(() => pair.A.Messages.Count == 1);
        pair.SendA(atA, new string('1', 1100));
        pair.SendA(atA, new string('2', 1100));
        pair.Run(() => pair.B.Messages.Count == 2);
        Assert.That(pair.B.Texts.Select(text => text[0]), Is.EqualTo(new[] { '2', '1' }));
    }

    [Test]
    public void Manual_credit_stops_the_sender_until_it_is_released()
    {
        var optionsB = new DataChannelSessionOptions { ManualReceiveCredit = true, Sctp = new SctpOptions { ReceiveBufferSize = 128 * 1024 } };
        var pair = SessionPair.Connected(optionsB: optionsB);
        var (atA, atB) = pair.Open();
        for (var i = 0; i < 40; i++)
        {
            pair.A.Session.Send(atA, DataChannelMessageKind.Binary, new byte[16_000], pair.Pair.Now);
        }

        pair.Pair.Drive(TimeSpan.FromSeconds(20));
        Assert.That(pair.B.Messages, Has.Count.LessThan(10));
        Assert.That(pair.B.Session.GetStatistics().LocalReceiverWindow, Is.LessThan(16_000));

        var released = 0;
        pair.B.OnEvent = (_, now) => Release(now);
        Release(pair.Pair.Now);
        pair.Run(() => pair.B.Messages.Count == 40);

        void Release(Instant now)
        {
            for (; released < pair.B.Messages.Count; released++)
            {
                pair.B.Session.ReleaseReceiveCredit(atB, 16_000, now);
            }
        }
    }

    [Test]
    public void Rejects_parameters_out_of_range()
    {
        var session = new SessionNode(1).Session;
        var now = VirtualClock.Start;
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Label = new string('a', 65_536) }, now), Throws.ArgumentException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Label = new string('ü', 32_768) }, now), Throws.ArgumentException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Protocol = "\uD800" }, now), Throws.ArgumentException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { MaxRetransmits = 1, MaxPacketLifeTime = TimeSpan.FromSeconds(1) }, now), Throws.ArgumentException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { MaxPacketLifeTime = TimeSpan.FromSeconds(70) }, now), Throws.ArgumentException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Negotiated = true }, now), Throws.ArgumentException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Negotiated = true, Id = 65_535 }, now), Throws.ArgumentException);
        session.OpenChannel(new DataChannelParameters { Negotiated = true, Id = 4 }, now);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Negotiated = true, Id = 4 }, now), Throws.InvalidOperationException);
        Assert.That(() => session.OpenChannel(new DataChannelParameters { Label = new string('a', 65_535) }, now), Throws.Nothing);
    }

    [Test]
    public void Label_and_protocol_of_full_length_travel()
    {
        var pair = SessionPair.Connected();
        var (_, atB) = pair.Open(new DataChannelParameters { Label = new string('l', 65_535), Protocol = new string('p', 65_535) });
        var parameters = pair.B.Find(DataChannelEventKind.ChannelIncoming, atB)!.Value.Parameters!;
        Assert.That((parameters.Label.Length, parameters.Protocol.Length), Is.EqualTo((65_535, 65_535)));
    }

    [Test]
    public void Ids_run_out_with_an_error_that_says_so()
    {
        var options = new DataChannelSessionOptions { Sctp = new SctpOptions { OutgoingStreams = 4, IncomingStreams = 4 } };
        var pair = SessionPair.Connected(optionsA: options);
        pair.Open();
        pair.Open();
        var third = pair.A.Session.OpenChannel(new DataChannelParameters(), pair.Pair.Now);
        pair.Run(() => pair.A.Find(DataChannelEventKind.ChannelClosed, third) is not null);
        Assert.That(pair.A.Find(DataChannelEventKind.ChannelClosed, third)!.Value.Error!.Kind, Is.EqualTo(SctpErrorKind.StreamIdUnavailable));
    }

    [Test]
    public void Every_message_arrives_on_channels_of_every_kind_under_loss([Values(0, 0.05, 0.1, 0.2)] double loss)
    {
        var pair = SessionPair.Connected(new LinkConditions { LossRate = loss, ReorderRate = 0.05, DuplicationRate = 0.05, CorruptionRate = 0.02 });
        var (ordered, _) = pair.Open();
        var (unordered, _) = pair.Open(new DataChannelParameters { Ordered = false });
        var sent = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            var text = $"{i} {Encoding.ASCII.GetString([.. Bytes.Random(i * 40, i).Select(b => (byte)(32 + (b % 90)))])}";
            sent.Add(text);
            pair.SendA(ordered, text);
            pair.SendA(unordered, text);
        }

        pair.Run(() => pair.B.Messages.Count == 200, seconds: 600);
        var byChannel = pair.B.Messages.ToLookup(m => m.Channel, m => Encoding.UTF8.GetString(m.Bytes));
        Assert.That(byChannel[pair.B.Incoming.First()], Is.EqualTo(sent));
        Assert.That(byChannel[pair.B.Incoming.Last()], Is.EquivalentTo(sent));
    }
}
