using System.Text;

namespace WebRtcCore.Tests.Connections;

public sealed class DataChannelTests
{
    [Test]
    public async Task Text_arrives_as_text_and_comes_back()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        remote.Message += (sender, e) => ((DataChannel)sender!).Send("echo " + e.Message.Text);
        local.Send("grüße €");
        var message = await Next(local);
        Assert.That(message.IsText, Is.True);
        Assert.That(message.Text, Is.EqualTo("echo grüße €"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1200)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(200_000)]
    [TestCase(262_144)]
    public async Task Binary_messages_of_any_size_arrive_whole(int size)
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        var sent = new byte[size];
        for (var i = 0; i < size; i++)
        {
            sent[i] = (byte)(i * 31);
        }

        local.Send(sent);
        var message = await Next(remote);
        Assert.That(message.IsText, Is.False);
        Assert.That(message.Data.Span.SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task Empty_text_stays_text()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        local.Send("");
        var message = await Next(remote);
        Assert.That((message.IsText, message.Data.Length), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task A_message_longer_than_the_peers_limit_is_refused()
    {
        await using var pair = new PeerPair(answererOptions: PeerPair.LoopbackOptions with { MaxMessageSize = 1000 });
        var (local, _) = await pair.OpenChannelAsync();
        Assert.That(pair.Offerer.Sctp!.MaxMessageSize, Is.EqualTo(1000));
        Assert.That(() => local.Send(new byte[1001]), Throws.ArgumentException.With.Message.Contains("1,000"));
    }

    [Test]
    public async Task Messages_that_come_before_a_handler_are_not_lost()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        for (var i = 0; i < 100; i++)
        {
            local.Send(i.ToString());
        }

        var received = new List<string>();
        await foreach (var message in remote.ReadAllAsync().WithCancellation(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            received.Add(message.Text);
            if (received.Count == 100)
            {
                break;
            }
        }

        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 100).Select(i => i.ToString())));
    }

    [Test]
    public async Task A_lent_memory_handler_may_send_at_once()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        remote.SetMessageHandler((channel, data, _) => channel.Send(data));
        local.Send(Encoding.UTF8.GetBytes("back"));
        var message = await Next(local);
        Assert.That(message.Text, Is.EqualTo("back"));
    }

    [Test]
    public async Task A_throwing_handler_harms_nothing_else()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        var count = 0;
        var second = new TaskCompletionSource();
        remote.SetMessageHandler((_, _, _) =>
        {
            if (++count == 2)
            {
                second.TrySetResult();
            }

            throw new InvalidOperationException("A user's mistake.");
        });
        local.Send("one");
        local.Send("two");
        await second.Task.WaitAsync(PeerPair.Limit);
        Assert.That(remote.ReadyState, Is.EqualTo(DataChannelState.Open));
    }

    [Test]
    public async Task A_throwing_event_handler_loses_its_own_message_only()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        for (var i = 0; i < 10; i++)
        {
            local.Send($"{i}");
        }

        await local.CloseAsync().WaitAsync(PeerPair.Limit);
        var received = new List<string>();
        var last = new TaskCompletionSource();
        remote.Message += (_, e) =>
        {
            received.Add(e.Message.Text);
            if (e.Message.Text == "9")
            {
                last.TrySetResult();
            }

            throw new InvalidOperationException("A user's mistake.");
        };
        await last.Task.WaitAsync(PeerPair.Limit);
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 10).Select(i => $"{i}")));
    }

    [Test]
    public async Task Close_reaches_the_other_side_and_both_end_closed()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        var order = new List<string>();
        remote.Closing += (_, _) => order.Add("closing");
        remote.Closed += (_, _) => order.Add("close");
        var closed = PeerPair.NextClosed(remote);
        local.Send("last words");
        local.Close();
        Assert.That(local.ReadyState, Is.EqualTo(DataChannelState.Closing));
        var message = await Next(remote);
        await Task.WhenAll(PeerPair.WhenClosed(local), closed);
        Assert.That(message.Text, Is.EqualTo("last words"));
        Assert.That(order, Is.EqualTo(new[] { "closing", "close" }));
    }

    [Test]
    public async Task Sending_on_a_closed_channel_is_an_InvalidStateError()
    {
        await using var pair = new PeerPair();
        var (local, _) = await pair.OpenChannelAsync();
        local.Close();
        Assert.That(() => local.Send("x"), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidStateError"));
    }

    [Test]
    public async Task Closing_the_connection_closes_the_peers_channel()
    {
        await using var pair = new PeerPair();
        var (_, remote) = await pair.OpenChannelAsync();
        pair.Offerer.Close();
        await PeerPair.WhenClosed(remote);
        Assert.That(remote.ReadyState, Is.EqualTo(DataChannelState.Closed));
    }

    [Test]
    public async Task Negotiated_channels_meet_by_id_without_announcement()
    {
        await using var pair = new PeerPair();
        var options = new DataChannelOptions { Negotiated = true, Id = 77 };
        var offerers = pair.Offerer.CreateDataChannel("a", options);
        var answerers = pair.Answerer.CreateDataChannel("b", options);
        await pair.ConnectAsync();
        await PeerPair.WhenOpen(offerers);
        await PeerPair.WhenOpen(answerers);
        offerers.Send("hello");
        Assert.That((await Next(answerers)).Text, Is.EqualTo("hello"));
        Assert.That(answerers.Id, Is.EqualTo(77));
    }

    [Test]
    public async Task Ids_follow_the_dtls_role()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        var (back, _) = await pair.OpenBackAsync();

        // The answerer is active, so it is the DTLS client: even ids are its own (RFC 8832 6).
        Assert.That(local.Id % 2, Is.EqualTo(1));
        Assert.That(remote.Id, Is.EqualTo(local.Id));
        Assert.That(back.Id % 2, Is.Zero);
    }

    [Test]
    public async Task Parameters_travel_with_the_channel()
    {
        await using var pair = new PeerPair();
        var options = new DataChannelOptions { Ordered = false, MaxRetransmits = 3, Protocol = "proto", Priority = Priority.High };
        var (_, remote) = await pair.OpenChannelAsync("lossy", options);
        Assert.That(
            (remote.Label, remote.Ordered, remote.MaxRetransmits, remote.MaxPacketLifeTime, remote.Protocol, remote.Priority),
            Is.EqualTo(("lossy", false, (int?)3, (TimeSpan?)null, "proto", Priority.High)));
    }

    [Test]
    public async Task SendAsync_holds_back_a_fast_sender_and_loses_nothing()
    {
        const int Count = 400;
        await using var pair = new PeerPair(PeerPair.LoopbackOptions with { DataSendHighWaterMark = 100_000 });
        var (local, remote) = await pair.OpenChannelAsync();
        var most = 0L;
        var sending = Task.Run(async () =>
        {
            var block = new byte[50_000];
            for (var i = 0; i < Count; i++)
            {
                block[0] = (byte)i;
                await local.SendAsync(block);
                most = Math.Max(most, local.BufferedAmount);
            }
        });
        var received = 0;
        await foreach (var message in remote.ReadAllAsync().WithCancellation(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            Assert.That(message.Data.Span[0], Is.EqualTo((byte)received));
            if (++received == Count)
            {
                break;
            }
        }

        await sending;
        Assert.That(most, Is.LessThanOrEqualTo(150_000));
    }

    [Test]
    public async Task BufferedAmountLow_is_raised_when_the_buffer_has_drained()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        remote.SetMessageHandler(static (_, _, _) => { });
        var low = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        local.BufferedAmountLowThreshold = 1000;
        local.BufferedAmountLow += (_, _) => low.TrySetResult();
        for (var i = 0; i < 20; i++)
        {
            local.Send(new byte[100_000]);
        }

        await low.Task.WaitAsync(PeerPair.Limit);
        Assert.That(local.BufferedAmount, Is.LessThanOrEqualTo(1000));
    }

    private static async Task<DataChannelMessage> Next(DataChannel channel)
    {
        await foreach (var message in channel.ReadAllAsync().WithCancellation(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            return message;
        }

        throw new InvalidOperationException("The channel closed without a message.");
    }
}
