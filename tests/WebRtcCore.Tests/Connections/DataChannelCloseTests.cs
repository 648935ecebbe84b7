namespace WebRtcCore.Tests.Connections;

/// <summary>How channels end, and what is still delivered.</summary>
public sealed class DataChannelCloseTests
{
    [Test]
    public async Task CloseAsync_completes_when_everything_has_arrived_and_both_sides_are_closed()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        var received = 0L;
        remote.SetMessageHandler((_, data, _) => Interlocked.Add(ref received, data.Length));
        for (var i = 0; i < 100; i++)
        {
            local.Send(new byte[100_000]);
        }

        await local.CloseAsync().WaitAsync(PeerPair.Limit);
        Assert.That(Interlocked.Read(ref received), Is.EqualTo(10_000_000));
        Assert.That((local.ReadyState, local.BufferedAmount), Is.EqualTo((DataChannelState.Closed, 0)));
        await PeerPair.WhenClosed(remote);
    }

    [Test]
    public async Task CloseAsync_may_be_called_in_every_state()
    {
        await using var pair = new PeerPair();
        var unnegotiated = pair.Offerer.CreateDataChannel("never");
        await unnegotiated.CloseAsync().WaitAsync(PeerPair.Limit);
        Assert.That(unnegotiated.ReadyState, Is.EqualTo(DataChannelState.Closed));

        var (local, remote) = await pair.OpenChannelAsync();
        var both = Task.WhenAll(local.CloseAsync(), local.CloseAsync(), remote.CloseAsync());
        await both.WaitAsync(PeerPair.Limit);
        await local.CloseAsync().WaitAsync(PeerPair.Limit);
        Assert.That((local.ReadyState, remote.ReadyState), Is.EqualTo((DataChannelState.Closed, DataChannelState.Closed)));
    }

    [Test]
    public async Task CloseAsync_of_a_channel_that_is_still_connecting_ends_it_on_both_sides()
    {
        await using var pair = new PeerPair { IsApart = true };
        pair.Offerer.CreateDataChannel("keeps the association");
        await pair.NegotiateAsync();
        var channel = pair.Offerer.CreateDataChannel("short");
        var opened = false;
        channel.Open += (_, _) => opened = true;
        var closing = channel.CloseAsync();
        Assert.That(channel.ReadyState, Is.EqualTo(DataChannelState.Closing));
        await pair.JoinAsync();
        await closing.WaitAsync(PeerPair.Limit);
        Assert.That((channel.ReadyState, opened), Is.EqualTo((DataChannelState.Closed, false)));
    }

    [Test]
    public async Task A_cancelled_CloseAsync_goes_on_closing()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        local.Send(new byte[200_000]);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        Assert.That(async () => await local.CloseAsync(cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        remote.SetMessageHandler(static (_, _, _) => { });
        await Task.WhenAll(PeerPair.WhenClosed(local), PeerPair.WhenClosed(remote));
    }

    [Test]
    public async Task CloseAsync_fails_when_the_connection_ends_first()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        SendMuch(local);
        var closing = local.CloseAsync();
        pair.Answerer.Close();
        Assert.That(async () => await closing.WaitAsync(PeerPair.Limit), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("OperationError"));
        Assert.That(async () => await remote.CloseAsync().WaitAsync(PeerPair.Limit), Throws.TypeOf<RtcException>());
    }

    [Test]
    public async Task Closing_the_connection_closes_its_channels_at_once()
    {
        await using var pair = new PeerPair();
        var (local, _) = await pair.OpenChannelAsync();
        var closed = PeerPair.NextClosed(local);
        var failed = false;
        local.Error += (_, _) => failed = true;
        pair.Offerer.Close();
        Assert.That(local.ReadyState, Is.EqualTo(DataChannelState.Closed));
        Assert.That(() => local.Send("x"), Throws.TypeOf<RtcException>());
        await closed;
        Assert.That(failed, Is.False);
    }

    [Test]
    public async Task The_peer_of_a_closed_connection_sees_an_error_with_its_cause_and_then_the_end()
    {
        await using var pair = new PeerPair();
        var (_, remote) = await pair.OpenChannelAsync();
        var events = new List<string>();
        remote.Closing += (_, _) => events.Add("closing");
        remote.Error += (_, e) => events.Add($"error {e.Error.ErrorDetail} {e.Error.SctpCauseCode} {remote.ReadyState}");
        var closed = PeerPair.NextClosed(remote);
        pair.Offerer.Close();
        await closed;

        // 12 is User-Initiated Abort (RFC 9260 3.3.10.12), as Chromium reports it.
        Assert.That(events, Is.EqualTo(new[] { "error SctpFailure 12 Closed" }));
    }

    [Test]
    public async Task PeerConnection_CloseAsync_delivers_what_was_sent_on_all_channels()
    {
        await using var pair = new PeerPair();
        var (first, remoteFirst) = await pair.OpenChannelAsync("first");
        var (second, remoteSecond) = await pair.OpenChannelAsync("second");
        var received = 0L;
        remoteFirst.SetMessageHandler((_, data, _) => Interlocked.Add(ref received, data.Length));
        remoteSecond.SetMessageHandler((_, data, _) => Interlocked.Add(ref received, data.Length));
        for (var i = 0; i < 30; i++)
        {
            first.Send(new byte[100_000]);
            second.Send(new byte[100_000]);
        }

        await pair.Offerer.CloseAsync().WaitAsync(PeerPair.Limit);
        Assert.That(Interlocked.Read(ref received), Is.EqualTo(6_000_000));
        Assert.That(pair.Offerer.ConnectionState, Is.EqualTo(PeerConnectionState.Closed));
        await pair.Offerer.CloseAsync().WaitAsync(PeerPair.Limit);
    }

    [Test]
    public async Task A_cancelled_PeerConnection_CloseAsync_closes_at_once()
    {
        await using var pair = new PeerPair();
        var (local, _) = await pair.OpenChannelAsync();
        SendMuch(local);
        using var cancellation = new CancellationTokenSource();
        var closing = pair.Offerer.CloseAsync(cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(async () => await closing.WaitAsync(PeerPair.Limit), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(pair.Offerer.ConnectionState, Is.EqualTo(PeerConnectionState.Closed));
    }

    [Test]
    public async Task A_sender_that_waits_for_room_learns_that_the_channel_closes()
    {
        await using var pair = new PeerPair(PeerPair.LoopbackOptions with { DataSendHighWaterMark = 1000 });
        var (local, _) = await pair.OpenChannelAsync();

        // More than the peer takes without being read.
        while (local.BufferedAmount < 10_000_000)
        {
            local.Send(new byte[200_000]);
        }

        var waiting = local.SendAsync(new byte[1]).AsTask();
        var text = local.SendAsync("x").AsTask();
        Assert.That((waiting.IsCompleted, text.IsCompleted), Is.EqualTo((false, false)));
        local.Close();
        Assert.That(async () => await waiting.WaitAsync(PeerPair.Limit), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidStateError"));
        Assert.That(async () => await text.WaitAsync(PeerPair.Limit), Throws.TypeOf<RtcException>());
    }

    [Test]
    public async Task Messages_of_a_channel_that_the_peer_has_closed_can_still_be_read()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        for (var i = 0; i < 5; i++)
        {
            local.Send($"{i}");
        }

        await local.CloseAsync().WaitAsync(PeerPair.Limit);
        await PeerPair.WhenClosed(remote);
        var received = new List<string>();
        await foreach (var message in remote.ReadAllAsync())
        {
            received.Add(message.Text);
        }

        Assert.That(received, Is.EqualTo(new[] { "0", "1", "2", "3", "4" }));
    }

    [Test]
    public async Task A_channel_closed_in_its_own_datachannel_event_is_never_announced_as_open()
    {
        await using var pair = new PeerPair();
        var events = new List<string>();
        var ended = new TaskCompletionSource();
        pair.Answerer.DataChannel += (_, e) =>
        {
            events.Add($"datachannel {e.Channel.ReadyState}");
            e.Channel.Open += (_, _) => events.Add("open");
            e.Channel.Closed += (_, _) =>
            {
                events.Add("close");
                ended.TrySetResult();
            };
            e.Channel.Close();
        };
        pair.Offerer.CreateDataChannel("x");
        await pair.ConnectAsync();
        await ended.Task.WaitAsync(PeerPair.Limit);
        Assert.That(events, Is.EqualTo(new[] { "datachannel Open", "close" }));
    }

    [Test]
    public async Task A_channel_that_is_closed_unread_holds_up_nobody()
    {
        // The unread messages fill the receive window; closing frees it, or the peer could not even finish.
        await using var pair = new PeerPair(answererOptions: PeerPair.LoopbackOptions with { DataReceiveBufferSize = 300_000 });
        var (local, remote) = await pair.OpenChannelAsync("ignored");
        for (var i = 0; i < 100; i++)
        {
            local.Send(new byte[50_000]);
        }

        await remote.CloseAsync().WaitAsync(PeerPair.Limit);
        await PeerPair.WhenClosed(local);
        var (next, remoteNext) = await pair.OpenChannelAsync("next");
        next.Send(new byte[150_000]);
        await foreach (var message in remoteNext.ReadAllAsync(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            Assert.That(message.Data.Length, Is.EqualTo(150_000));
            break;
        }
    }

    private static void SendMuch(DataChannel channel)
    {
        for (var i = 0; i < 50; i++)
        {
            channel.Send(new byte[200_000]);
        }
    }
}
