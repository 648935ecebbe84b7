using System.Text;
using NUnit.Framework.Constraints;

namespace WebRtcCore.Tests.Connections;

/// <summary>W3C webrtc 6.1 and 6.2: what createDataChannel takes and refuses, ids, limits, amounts.</summary>
public sealed class DataChannelApiTests
{
    [Test]
    public async Task A_label_or_protocol_has_at_most_65535_bytes_of_utf8([Values("a", "ü", "🦊")] string character)
    {
        await using var pair = new PeerPair();
        var fits = string.Concat(Enumerable.Repeat(character, 65_535 / Encoding.UTF8.GetByteCount(character)));
        var tooLong = fits + character;
        Assert.That(pair.Offerer.CreateDataChannel(fits, new() { Protocol = fits }).Label, Is.EqualTo(fits));
        Assert.That(() => pair.Offerer.CreateDataChannel(tooLong), Throws.ArgumentException);
        Assert.That(() => pair.Offerer.CreateDataChannel("", new() { Protocol = tooLong }), Throws.ArgumentException);
    }

    [Test]
    public async Task A_lone_surrogate_becomes_a_replacement_character()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync("a\ud800b", new() { Protocol = "\udc00" });
        Assert.That((local.Label, local.Protocol, remote.Label, remote.Protocol), Is.EqualTo(("a\ufffdb", "\ufffd", "a\ufffdb", "\ufffd")));
    }

    [Test]
    public async Task The_longest_label_and_protocol_arrive()
    {
        await using var pair = new PeerPair();
        var (_, remote) = await pair.OpenChannelAsync(new string('l', 65_535), new() { Protocol = new string('p', 65_535) });
        Assert.That((remote.Label.Length, remote.Protocol.Length), Is.EqualTo((65_535, 65_535)));
    }

    [Test]
    public async Task Options_that_contradict_each_other_or_are_out_of_range_are_refused()
    {
        await using var pair = new PeerPair();
        void Refused(DataChannelOptions options) => Assert.That(() => pair.Offerer.CreateDataChannel("x", options), Throws.InstanceOf<ArgumentException>());
        Refused(new() { Negotiated = true });
        Refused(new() { Negotiated = true, Id = 65_535 });
        Refused(new() { Negotiated = true, Id = -1 });
        Refused(new() { MaxRetransmits = 1, MaxPacketLifeTime = TimeSpan.FromSeconds(1) });
        Refused(new() { MaxRetransmits = 65_536 });
        Refused(new() { MaxRetransmits = -1 });
        Refused(new() { MaxPacketLifeTime = TimeSpan.FromMilliseconds(65_536) });
        Refused(new() { MaxPacketLifeTime = TimeSpan.FromMilliseconds(-1) });
        Assert.That(pair.Offerer.CreateDataChannel("x", new() { Id = 70_000 }).Id, Is.Null, "an id without negotiated is ignored");
    }

    [Test]
    public async Task A_negotiated_id_is_used_once_and_free_again_after_the_close()
    {
        await using var pair = new PeerPair();
        var options = new DataChannelOptions { Negotiated = true, Id = 65_534 };
        var channel = pair.Offerer.CreateDataChannel("x", options);
        Assert.That(channel.Id, Is.EqualTo(65_534));
        Assert.That(
            () => pair.Offerer.CreateDataChannel("y", options), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("OperationError"));
        await channel.CloseAsync().WaitAsync(PeerPair.Limit);
        Assert.That(pair.Offerer.CreateDataChannel("y", options).Id, Is.EqualTo(65_534));
    }

    [Test]
    public async Task Ids_are_chosen_when_the_answer_settles_the_dtls_roles_and_at_once_from_then_on()
    {
        await using var pair = new PeerPair();
        var first = pair.Offerer.CreateDataChannel("first");
        var negotiated = pair.Offerer.CreateDataChannel("negotiated", new() { Negotiated = true, Id = 3 });
        var second = pair.Offerer.CreateDataChannel("second");
        var answerers = pair.Answerer.CreateDataChannel("answerer's");
        Assert.That((first.Id, negotiated.Id, second.Id, answerers.Id), Is.EqualTo((null as int?, 3, null as int?, null as int?)));
        await pair.NegotiateAsync();

        // The answerer is active and so the DTLS client, which has the even ids (RFC 8832 6).
        Assert.That((first.Id, second.Id, answerers.Id), Is.EqualTo((1, 5, 0)));
        Assert.That((pair.Offerer.CreateDataChannel("third").Id, pair.Answerer.CreateDataChannel("another").Id), Is.EqualTo((7, 2)));
    }

    [Test]
    public async Task When_no_id_is_left_the_channel_fails_and_the_next_is_refused()
    {
        // The offerer is the DTLS server: 32,767 odd ids.
        await using var pair = new PeerPair();
        DataChannel last = null!;
        for (var i = 0; i < 32_768; i++)
        {
            last = pair.Offerer.CreateDataChannel("");
        }

        RtcErrorException? error = null;
        last.Error += (_, e) => error = e.Error;
        var closed = PeerPair.NextClosed(last);
        await pair.NegotiateAsync();
        await closed;
        Assert.That((last.ReadyState, last.Id, error?.ErrorDetail), Is.EqualTo((DataChannelState.Closed, null as int?, RtcErrorDetail.DataChannelFailure)));
        Assert.That(
            () => pair.Offerer.CreateDataChannel(""), Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("OperationError"));
    }

    [TestCase("a=max-message-size:100000", 100_000)]
    [TestCase("a=max-message-size:1", 1)]
    [TestCase("a=max-message-size:0", 16 * 1024 * 1024)]
    [TestCase("a=max-message-size:1099511627776", 16 * 1024 * 1024)]
    [TestCase("a=x-nothing", 65_536)]
    public async Task MaxMessageSize_is_the_smaller_of_what_the_peer_takes_and_what_can_be_queued(string attribute, long expected)
    {
        await using var pair = new PeerPair { IsApart = true };
        pair.Offerer.CreateDataChannel("x");
        Assert.That(pair.Offerer.Sctp, Is.Null);
        await pair.Offerer.SetLocalDescriptionAsync();
        await pair.Answerer.SetRemoteDescriptionAsync(pair.Show(pair.Offerer.LocalDescription!));
        await pair.Answerer.SetLocalDescriptionAsync();
        await pair.Offerer.SetRemoteDescriptionAsync(WithAttribute(pair.Show(pair.Answerer.LocalDescription!), attribute));
        Assert.That((pair.Offerer.Sctp!.MaxMessageSize, pair.Offerer.Sctp.State, pair.Offerer.Sctp.MaxChannels), Is.EqualTo((expected, SctpTransportState.Connecting, null as int?)));
    }

    [Test]
    public async Task The_transport_tells_its_state_and_how_many_channels_there_can_be()
    {
        await using var pair = new PeerPair();
        await pair.OpenChannelAsync();
        var sctp = pair.Offerer.Sctp!;
        await PeerPair.When(() => sctp.State == SctpTransportState.Connected, check => sctp.StateChange += (_, _) => check());
        Assert.That((sctp.State, sctp.MaxChannels, sctp.Transport.State), Is.EqualTo((SctpTransportState.Connected, 65_535, DtlsTransportState.Connected)));
        var remote = pair.Answerer.Sctp!;
        var ended = PeerPair.When(() => remote.State == SctpTransportState.Closed, check => remote.StateChange += (_, _) => check());
        pair.Offerer.Close();
        Assert.That(sctp.State, Is.EqualTo(SctpTransportState.Closed));
        await ended;
    }

    [Test]
    public async Task A_handler_that_comes_after_the_opening_is_told_once()
    {
        await using var pair = new PeerPair();
        await pair.OpenChannelAsync();
        var incoming = PeerPair.NextChannel(pair.Answerer);
        var channel = pair.Offerer.CreateDataChannel("late");
        await incoming;

        // Goes through the dispatcher, behind the event that nobody has heard.
        await pair.Offerer.SetLocalDescriptionAsync();
        var (first, later) = (0, 0);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Open += (_, _) =>
        {
            first++;
            told.TrySetResult();
        };
        await told.Task.WaitAsync(PeerPair.Limit);
        channel.Open += (_, _) => later++;
        await pair.Offerer.SetLocalDescriptionAsync(new SessionDescription(SdpType.Rollback));
        Assert.That((first, later), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_peer_that_sends_more_than_it_was_told_to_fails_the_channel_alone()
    {
        await using var pair = new PeerPair(answererOptions: PeerPair.LoopbackOptions with { MaxMessageSize = 1000 });
        var incoming = PeerPair.NextChannel(pair.Answerer);
        var local = pair.Offerer.CreateDataChannel("x");
        await pair.Offerer.SetLocalDescriptionAsync();
        await pair.Answerer.SetRemoteDescriptionAsync(pair.Offerer.LocalDescription!);
        await pair.Answerer.SetLocalDescriptionAsync();
        await pair.Offerer.SetRemoteDescriptionAsync(WithAttribute(pair.Answerer.LocalDescription!, "a=max-message-size:0"));
        var remote = await incoming;
        await PeerPair.WhenOpen(local);
        var events = new List<string>();
        remote.Closing += (_, _) => events.Add("closing");
        remote.Error += (_, e) => events.Add($"error {e.Error.ErrorDetail}");
        var closed = Task.WhenAll(PeerPair.NextClosed(remote), PeerPair.NextClosed(local));
        local.Send(new byte[50_000]);
        await closed;
        Assert.That(events, Is.EqualTo(new[] { "closing", "error DataChannelFailure" }));
        var (_, next) = await pair.OpenChannelAsync("next");
        Assert.That(next.ReadyState, Is.EqualTo(DataChannelState.Open));
    }

    [Test]
    public async Task A_channel_that_the_peer_rejects_fails()
    {
        await using var pair = new PeerPair();
        var channel = pair.Offerer.CreateDataChannel("x");
        pair.Offerer.AddTransceiver(MediaKind.Audio);
        RtcErrorException? error = null;
        channel.Error += (_, e) => error = e.Error;
        var closed = PeerPair.NextClosed(channel);
        await pair.Offerer.SetLocalDescriptionAsync();
        await pair.Answerer.SetRemoteDescriptionAsync(pair.Offerer.LocalDescription!);
        await pair.Answerer.SetLocalDescriptionAsync();
        await pair.Offerer.SetRemoteDescriptionAsync(WithoutData(pair.Answerer.LocalDescription!));
        await closed;
        Assert.That(error?.ErrorDetail, Is.EqualTo(RtcErrorDetail.DataChannelFailure));
    }

    [Test]
    public async Task A_first_channel_can_be_added_to_a_connection_that_has_only_media()
    {
        await using var pair = new PeerPair();
        pair.Offerer.AddTransceiver(MediaKind.Audio);
        await pair.ConnectAsync();
        var incoming = PeerPair.NextChannel(pair.Answerer);
        var channel = pair.Offerer.CreateDataChannel("late");
        await pair.NegotiateAsync();
        await PeerPair.WhenOpen(channel);
        Assert.That((await incoming).Id, Is.EqualTo(channel.Id));
    }

    [Test]
    public async Task BufferedAmount_stays_as_it_is_when_the_connection_closes()
    {
        await using var pair = new PeerPair();
        var (local, _) = await pair.OpenChannelAsync();
        for (var i = 0; i < 50; i++)
        {
            local.Send(new byte[200_000]);
        }

        pair.Offerer.Close();
        Assert.That(local.BufferedAmount, Is.GreaterThan(1_000_000), "nobody reads, so the peer takes its 5 MiB and no more");
    }

    [Test]
    public async Task A_message_one_byte_too_long_is_refused_by_every_way_of_sending()
    {
        await using var pair = new PeerPair(answererOptions: PeerPair.LoopbackOptions with { MaxMessageSize = 1000 });
        var (local, _) = await pair.OpenChannelAsync();
        local.Send(new string('ü', 500));
        static Constraint Limit() => Throws.ArgumentException.With.Message.Contains("1,000");
        Assert.That(() => local.Send(new byte[1001]), Limit());
        Assert.That(() => local.Send(new string('ü', 501)), Limit());
        Assert.That(async () => await local.SendAsync(new byte[1001]), Limit());
        Assert.That(async () => await local.SendAsync(new string('ü', 501)), Limit());
        Assert.That(local.ReadyState, Is.EqualTo(DataChannelState.Open));
    }

    [Test]
    public async Task Sends_that_wait_leave_in_the_order_of_their_calls()
    {
        await using var pair = new PeerPair(PeerPair.LoopbackOptions with { DataSendHighWaterMark = 10_000, MaxBufferedAmount = 300_000 });
        var (local, remote) = await pair.OpenChannelAsync();
        var message = new byte[20_000];
        var sends = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            message = [.. BitConverter.GetBytes(i), .. message.AsSpan(4)];
            sends.Add(i % 3 == 0 ? local.SendAsync($"{i}").AsTask() : local.SendAsync(message).AsTask());
        }

        var next = 0;
        await foreach (var received in remote.ReadAllAsync(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            Assert.That(received.IsText ? int.Parse(received.Text) : BitConverter.ToInt32(received.Data.Span), Is.EqualTo(next));
            if (++next == 200)
            {
                break;
            }
        }

        await Task.WhenAll(sends);
    }

    [Test]
    public async Task Every_wait_can_be_cancelled()
    {
        await using var pair = new PeerPair(PeerPair.LoopbackOptions with { DataSendHighWaterMark = 0 });
        var (local, remote) = await pair.OpenChannelAsync();
        for (var i = 0; i < 50; i++)
        {
            local.Send(new byte[200_000]);
        }

        using var cancellation = new CancellationTokenSource();
        var waits = new[]
        {
            local.SendAsync(new byte[1], cancellation.Token).AsTask(),
            local.SendAsync("x", cancellation.Token).AsTask(),
            local.ReadAllAsync(cancellation.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask(),
        };
        Assert.That(waits.Select(wait => wait.IsCompleted), Is.All.False);
        await cancellation.CancelAsync();
        foreach (var wait in waits)
        {
            Assert.That(async () => await wait.WaitAsync(PeerPair.Limit), Throws.InstanceOf<OperationCanceledException>());
        }

        var count = 0;
        await foreach (var message in remote.ReadAllAsync(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            Assert.That(message.Data.Length, Is.EqualTo(200_000), "what was cancelled was never sent");
            if (++count == 50)
            {
                break;
            }
        }
    }

    private static SessionDescription WithAttribute(SessionDescription description, string attribute) => description with
    {
        Sdp = string.Join("\r\n", description.Sdp.Split("\r\n").Select(line => line.StartsWith("a=max-message-size", StringComparison.Ordinal) ? attribute : line)),
    };

    private static SessionDescription WithoutData(SessionDescription description) => description with
    {
        Sdp = description.Sdp.Replace("m=application 9", "m=application 0", StringComparison.Ordinal).Replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 1", StringComparison.Ordinal),
    };
}
