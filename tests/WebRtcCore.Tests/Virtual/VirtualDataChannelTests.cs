using WebRtcCore.Sctp;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>Many channels, odd moments, bad networks.</summary>
public sealed class VirtualDataChannelTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly LinkConditions Lossy = LinkConditions.Good with
    {
        Delay = TimeSpan.FromMilliseconds(20),
        Jitter = TimeSpan.FromMilliseconds(5),
        LossRate = 0.05,
        ReorderRate = 0.05,
        DuplicationRate = 0.02,
    };

    private static readonly LinkConditions Fast = LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(10), BandwidthBps = 100_000_000 };

    [Test]
    public async Task A_thousand_channels_open_and_close_and_their_ids_are_used_again([Values] bool peerCloses)
    {
        const int Count = 1000;
        await using var peers = await ConnectAsync(Lossy);
        var remote = new List<DataChannel>();
        peers.Pair.Answerer.DataChannel += (_, e) => remote.Add(e.Channel);
        var ids = new List<int?[]>();
        for (var round = 0; round < 2; round++)
        {
            remote.Clear();
            var local = Enumerable.Range(0, Count).Select(i => peers.Pair.Offerer.CreateDataChannel($"{i}")).ToList();
            ids.Add([.. local.Select(channel => channel.Id)]);
            Assert.That(peers.RunUntil(() => remote.Count == Count && local.TrueForAll(IsOpen), Minute), Is.True, () => $"{remote.Count} are open");
            foreach (var channel in peerCloses ? remote.ToList() : local)
            {
                channel.Close();
            }

            Assert.That(peers.RunUntil(() => local.TrueForAll(IsClosed) && remote.TrueForAll(IsClosed), Minute), Is.True, () => $"{local.Count(IsClosed)} and {remote.Count(IsClosed)} are closed");
        }

        Assert.That(ids[0], Is.Unique.And.All.Not.Null);
        Assert.That(ids[1], Is.EqualTo(ids[0]));
    }

    [Test]
    public async Task Channels_that_are_closed_as_soon_as_they_are_created_leave_nothing_behind()
    {
        await using var peers = await ConnectAsync(Lossy);
        var opened = 0;
        var incoming = new List<DataChannel>();
        peers.Pair.Answerer.DataChannel += (_, e) => incoming.Add(e.Channel);
        var channels = new List<DataChannel>();
        for (var i = 0; i < 300; i++)
        {
            var channel = peers.Pair.Offerer.CreateDataChannel($"{i}");
            channel.Open += (_, _) => opened++;
            channel.Close();
            channels.Add(channel);
        }

        Assert.That(peers.RunUntil(() => channels.TrueForAll(IsClosed) && incoming.TrueForAll(IsClosed), Minute), Is.True);
        Assert.That(opened, Is.Zero);
        Assert.That(peers.Pair.Offerer.CreateDataChannel("next").Id, Is.EqualTo(channels[0].Id));
    }

    [Test]
    public async Task Both_sides_create_channels_at_once_and_none_is_mistaken_for_another()
    {
        await using var peers = await ConnectAsync(Lossy);
        var (atOfferer, atAnswerer) = (new List<DataChannel>(), new List<DataChannel>());
        peers.Pair.Offerer.DataChannel += (_, e) => atOfferer.Add(e.Channel);
        peers.Pair.Answerer.DataChannel += (_, e) => atAnswerer.Add(e.Channel);
        var offerers = new List<DataChannel>();
        var answerers = new List<DataChannel>();
        for (var i = 0; i < 100; i++)
        {
            offerers.Add(peers.Pair.Offerer.CreateDataChannel($"offerer {i}"));
            answerers.Add(peers.Pair.Answerer.CreateDataChannel($"answerer {i}"));
        }

        Assert.That(peers.RunUntil(() => atOfferer.Count == 100 && atAnswerer.Count == 100 && offerers.TrueForAll(IsOpen) && answerers.TrueForAll(IsOpen), Minute), Is.True);
        Assert.That(atAnswerer.ToDictionary(c => c.Label, c => c.Id), Is.EquivalentTo(offerers.ToDictionary(c => c.Label, c => c.Id)));
        Assert.That(atOfferer.ToDictionary(c => c.Label, c => c.Id), Is.EquivalentTo(answerers.ToDictionary(c => c.Label, c => c.Id)));
    }

    [Test]
    public async Task An_id_is_used_again_the_moment_its_channel_is_closed()
    {
        const int Rounds = 30;
        await using var peers = await ConnectAsync(Lossy, seed: 7);
        var received = new List<string>();
        peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, m) => received.Add($"{e.Channel.Label}: {m.Message.Text}");
        var ids = new List<int?>();
        void Next()
        {
            var round = ids.Count;
            var channel = peers.Pair.Offerer.CreateDataChannel($"{round}");
            ids.Add(channel.Id);
            channel.Open += (_, _) =>
            {
                channel.Send("one");
                channel.Send("two");
                channel.Close();
            };
            channel.Closed += (_, _) =>
            {
                if (ids.Count < Rounds)
                {
                    Next();
                }
            };
        }

        Next();
        Assert.That(peers.RunUntil(() => received.Count == 2 * Rounds, TimeSpan.FromMinutes(5)), Is.True, () => $"{received.Count} messages, {ids.Count} channels");
        Assert.That(ids.Distinct().Count(), Is.EqualTo(1));
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, Rounds).SelectMany(i => new[] { $"{i}: one", $"{i}: two" })));
    }

    [Test]
    public async Task A_negotiated_id_that_meets_the_peers_choice_fails_that_channel_alone()
    {
        await using var peers = await ConnectAsync(LinkConditions.Good);
        var inBand = peers.Pair.Answerer.CreateDataChannel("in band");
        var negotiated = peers.Pair.Offerer.CreateDataChannel("negotiated", new() { Negotiated = true, Id = inBand.Id });
        var errors = new List<string>();
        negotiated.Error += (_, e) => errors.Add($"offerer {e.Error.ErrorDetail}");
        inBand.Error += (_, e) => errors.Add($"answerer {e.Error.ErrorDetail}");
        Assert.That(peers.RunUntil(() => IsClosed(inBand) && IsClosed(negotiated), Minute), Is.True, () => $"{inBand.ReadyState}, {negotiated.ReadyState}");
        Assert.That(errors, Is.EqualTo(new[] { "offerer DataChannelFailure" }));
        var next = peers.Pair.Answerer.CreateDataChannel("next");
        Assert.That(peers.RunUntil(() => IsOpen(next), Minute), Is.True);
        Assert.That(next.Id, Is.EqualTo(inBand.Id));
    }

    [Test]
    public async Task Negotiated_channels_created_on_both_sides_at_once_meet()
    {
        await using var peers = await ConnectAsync(Lossy);
        var options = new DataChannelOptions { Negotiated = true, Id = 1000 };
        var (offerers, answerers) = (peers.Pair.Offerer.CreateDataChannel("", options), peers.Pair.Answerer.CreateDataChannel("", options));
        var received = new List<string>();
        offerers.Message += (_, m) => received.Add(m.Message.Text);
        answerers.Message += (_, m) => received.Add(m.Message.Text);
        Assert.That(peers.RunUntil(() => IsOpen(offerers) && IsOpen(answerers), Minute), Is.True);
        offerers.Send("to the answerer");
        answerers.Send("to the offerer");
        Assert.That(peers.RunUntil(() => received.Count == 2, Minute), Is.True);
        offerers.Close();
        answerers.Close();
        Assert.That(peers.RunUntil(() => IsClosed(offerers) && IsClosed(answerers), Minute), Is.True);
    }

    [Test]
    public async Task Both_sides_may_close_while_ten_megabytes_are_under_way_each_way()
    {
        await using var peers = await ConnectAsync(Fast);
        var remote = (DataChannel?)null;
        peers.Pair.Answerer.DataChannel += (_, e) => remote = e.Channel;
        var local = peers.Pair.Offerer.CreateDataChannel("busy");
        Assert.That(peers.RunUntil(() => IsOpen(local) && remote is not null, Minute), Is.True);
        var events = new List<string>();
        local.Error += (_, e) => events.Add(e.Error.Message);
        remote!.Error += (_, e) => events.Add(e.Error.Message);
        local.Closing += (_, _) => events.Add("closing");
        remote.Closing += (_, _) => events.Add("closing");
        SendTenMegabytes(local);
        SendTenMegabytes(remote);
        local.Close();
        remote.Close();
        Assert.That((local.ReadyState, remote.ReadyState), Is.EqualTo((DataChannelState.Closing, DataChannelState.Closing)));
        Assert.That(peers.RunUntil(() => IsClosed(local) && IsClosed(remote), Minute), Is.True, () => $"{local.BufferedAmount} and {remote.BufferedAmount} bytes are left");
        Assert.That(events, Is.Empty, "each side has closed by itself, in order");
        Assert.That((local.BufferedAmount, remote.BufferedAmount), Is.EqualTo((0, 0)), "the buffers are drained before the streams are reset");
    }

    [Test]
    public async Task One_side_closes_behind_ten_megabytes_and_the_other_gets_them_all([Values] bool peerSendsToo)
    {
        await using var peers = await ConnectAsync(Fast);
        var remote = (DataChannel?)null;
        var received = 0L;
        var events = new List<string>();
        peers.Pair.Answerer.DataChannel += (_, e) =>
        {
            remote = e.Channel;
            remote.Message += (_, m) => received += m.Message.Data.Length;
            remote.Closing += (_, _) => events.Add($"closing after {received}");
            remote.Closed += (_, _) => events.Add("close");
        };
        var local = peers.Pair.Offerer.CreateDataChannel("busy");
        Assert.That(peers.RunUntil(() => IsOpen(local) && remote is not null, Minute), Is.True);
        SendTenMegabytes(local);
        if (peerSendsToo)
        {
            SendTenMegabytes(remote!);
        }

        local.Close();
        Assert.That(peers.RunUntil(() => IsClosed(local) && IsClosed(remote!), Minute), Is.True);
        Assert.That(events, Is.EqualTo(new[] { "closing after 10000000", "close" }));
    }

    [Test]
    public async Task A_slow_reader_closes_the_window_and_bounds_memory()
    {
        const int Window = 400_000;
        await using var peers = await ConnectAsync(Fast, configure: options => options with { DataReceiveBufferSize = Window });
        var remote = (DataChannel?)null;
        peers.Pair.Answerer.DataChannel += (_, e) => remote = e.Channel;
        var local = peers.Pair.Offerer.CreateDataChannel("much");
        Assert.That(peers.RunUntil(() => IsOpen(local) && remote is not null, Minute), Is.True);
        SendTenMegabytes(local);
        peers.RunUntil(() => false, TimeSpan.FromSeconds(20));
        var statistics = await peers.Pair.Answerer.Driver.ReadAsync<object>((session, _) => session.Data.GetStatistics(), CancellationToken.None);
        Assert.That(((SctpStatistics)statistics!).LocalReceiverWindow, Is.LessThan(SctpAssociation.LargestPathMtu), "less than a packet");
        Assert.That(local.BufferedAmount, Is.GreaterThan(10_000_000 - (1.5 * Window)), "what nobody reads stays with the sender");

        var amount = local.BufferedAmount;
        local.Send("äöü");
        Assert.That(local.BufferedAmount, Is.EqualTo(amount + 6), "text counts in UTF-8, at once");

        var received = 0L;
        remote!.Message += (_, m) => received += m.Message.Data.Length;
        Assert.That(peers.RunUntil(() => received == 10_000_006, Minute), Is.True, () => $"{received} bytes");
    }

    [Test]
    public async Task Without_retransmissions_lost_messages_are_missing_and_the_others_whole()
    {
        await using var peers = await ConnectAsync(LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(20), LossRate = 0.2 });
        var received = new List<int>();
        var reliable = 0;
        peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, m) =>
        {
            if (e.Channel.Ordered)
            {
                reliable++;
            }
            else
            {
                Assert.That(m.Message.Data.Span[4..].IndexOfAnyExcept((byte)7), Is.EqualTo(-1));
                received.Add(BitConverter.ToInt32(m.Message.Data.Span));
            }
        };
        var lossy = peers.Pair.Offerer.CreateDataChannel("lossy", new() { Ordered = false, MaxRetransmits = 0 });
        var other = peers.Pair.Offerer.CreateDataChannel("reliable");
        Assert.That(peers.RunUntil(() => IsOpen(lossy) && IsOpen(other), Minute), Is.True);
        for (var i = 0; i < 500; i++)
        {
            var message = new byte[1000];
            message.AsSpan(4).Fill(7);
            BitConverter.TryWriteBytes(message, i);
            lossy.Send(message);
            other.Send("x");
        }

        Assert.That(peers.RunUntil(() => reliable == 500 && lossy.BufferedAmount == 0, TimeSpan.FromMinutes(5)), Is.True, () => $"{reliable} of 500");
        lossy.Close();
        Assert.That(peers.RunUntil(() => IsClosed(lossy), Minute), Is.True);
        Assert.That(received, Is.Unique);
        Assert.That(received.Count, Is.InRange(300, 475));
    }

    [Test]
    public async Task Closing_survives_loss_of_every_second_datagram()
    {
        await using var peers = await ConnectAsync(LinkConditions.Good);
        var remote = (DataChannel?)null;
        var received = 0;
        peers.Pair.Answerer.DataChannel += (_, e) =>
        {
            remote = e.Channel;
            remote.Message += (_, _) => received++;
        };
        var local = peers.Pair.Offerer.CreateDataChannel("x");
        Assert.That(peers.RunUntil(() => IsOpen(local) && remote is not null, Minute), Is.True);
        peers.Conditions = LinkConditions.Good with { LossRate = 0.5 };
        for (var i = 0; i < 20; i++)
        {
            local.Send(new byte[2000]);
        }

        local.Close();
        Assert.That(peers.RunUntil(() => IsClosed(local) && IsClosed(remote!), TimeSpan.FromMinutes(5)), Is.True);
        Assert.That(received, Is.EqualTo(20));
    }

    private static bool IsOpen(DataChannel channel) => channel.ReadyState == DataChannelState.Open;

    private static bool IsClosed(DataChannel channel) => channel.ReadyState == DataChannelState.Closed;

    private static void SendTenMegabytes(DataChannel channel)
    {
        for (var i = 0; i < 50; i++)
        {
            channel.Send(new byte[200_000]);
        }
    }

    // Connected, with a channel that stays: it has the offerer's first id.
    private static async Task<VirtualPeers> ConnectAsync(LinkConditions conditions, int seed = 1, Func<PeerConnectionOptions, PeerConnectionOptions>? configure = null)
    {
        var peers = new VirtualPeers(conditions, seed, configure: configure);
        var channel = peers.Pair.Offerer.CreateDataChannel("first", new() { Negotiated = true, Id = 60_000 });
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => IsOpen(channel), Minute), Is.True);
        return peers;
    }
}
