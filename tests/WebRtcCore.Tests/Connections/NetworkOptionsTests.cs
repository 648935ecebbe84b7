using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Connections;

/// <summary>Which addresses and ports connections use, and what they do when those change.</summary>
public sealed class NetworkOptionsTests
{
    private static readonly IPAddress First = IPAddress.Loopback;
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    [Test]
    [Platform(Include = "Linux", Reason = "needs a second loopback address")]
    public async Task A_connection_moves_when_its_address_goes_and_uses_one_that_comes()
    {
        InterfaceAddress[] machine = [new(First, "one")];
        var networks = new NetworkMonitor(() => machine, new VirtualTimeProvider());
        var options = PeerPair.LoopbackOptions with { LocalAddresses = [First, Second], Networks = networks };
        await using var pair = new PeerPair(options with { LocalAddresses = null, IncludeLoopback = true });
        var (local, remote) = await pair.OpenChannelAsync();
        Assert.That(LocalOf(pair.Offerer), Does.Contain(" 127.0.0.1 "));
        var candidates = pair.Offerer.LocalDescription!.Sdp.Split("a=candidate").Length;

        machine = [new(Second, "two")];
        networks.Check();
        var transport = pair.Offerer.Sctp!.Transport.IceTransport;
        await PeerPair.When(() => LocalOf(pair.Offerer).Contains(" 127.0.0.2 ", StringComparison.Ordinal), check => transport.SelectedCandidatePairChange += (_, _) => check());
        for (var i = 0; i < 5; i++)
        {
            var message = Next(remote);
            local.Send($"after {i}");
            Assert.That((await message).Text, Is.EqualTo($"after {i}"));
        }

        Assert.That(LocalOf(pair.Offerer), Does.Contain(" 127.0.0.2 "));
        Assert.That(pair.Offerer.LocalDescription!.Sdp.Split("a=candidate"), Has.Length.EqualTo(candidates), "none after end-of-candidates");
    }

    [Test]
    [Platform(Include = "Linux", Reason = "needs a second loopback address")]
    public async Task Candidates_that_come_late_are_told_where_gathering_is_continual([Values] bool isContinual)
    {
        InterfaceAddress[] machine = [new(First, "one")];
        var networks = new NetworkMonitor(() => machine, new VirtualTimeProvider());
        await using var pair = new PeerPair(new PeerConnectionOptions { IncludeLoopback = true, Networks = networks, ContinualGathering = isContinual });
        await pair.OpenChannelAsync();
        await PeerPair.When(() => pair.Offerer.IceGatheringState == IceGatheringState.Complete, check => pair.Offerer.IceGatheringStateChange += (_, _) => check());
        Assert.That(pair.Offerer.LocalDescription!.Sdp.Contains("a=end-of-candidates", StringComparison.Ordinal), Is.EqualTo(!isContinual));
        var told = new TaskCompletionSource<IceCandidate?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Offerer.IceCandidate += (_, e) => told.TrySetResult(e.Candidate);
        machine = [new(First, "one"), new(Second, "two")];
        networks.Check();
        if (isContinual)
        {
            Assert.That((await told.Task.WaitAsync(PeerPair.Limit))!.Candidate, Does.Contain(" 127.0.0.2 "));
        }
        else
        {
            using var limit = new CancellationTokenSource(PeerPair.Limit);
            while ((await pair.Offerer.Driver.ReadAsync((session, _) => session.Ice.GetLocalCandidates(), limit.Token))!.Count < 2)
            {
                await Task.Yield();
            }

            await PeerPair.When(() => pair.Offerer.Driver.IsIdle, PollSoon);
            Assert.That(told.Task.IsCompleted, Is.False);
        }
    }

    [Test]
    [Platform(Include = "Linux", Reason = "needs a second loopback address")]
    public async Task An_address_that_becomes_deprecated_goes_on_to_serve()
    {
        InterfaceAddress[] machine = [new(First, "one")];
        var networks = new NetworkMonitor(() => machine, new VirtualTimeProvider());
        await using var pair = new PeerPair(new PeerConnectionOptions { IncludeLoopback = true, Networks = networks, ContinualGathering = true });
        await pair.OpenChannelAsync();
        var told = new TaskCompletionSource<IceCandidate?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Offerer.IceCandidate += (_, e) => told.TrySetResult(e.Candidate);
        machine = [new(First, "one", Traits: IPv6AddressTraits.Deprecated), new(Second, "one")];
        networks.Check();
        Assert.That((await told.Task.WaitAsync(PeerPair.Limit))!.Candidate, Does.Contain(" 127.0.0.2 "));
        var candidates = await pair.Offerer.Driver.ReadAsync((session, _) => session.Ice.GetLocalCandidates(), CancellationToken.None);
        Assert.That(candidates!.Select(c => c.Address.ToIPAddress()), Is.EquivalentTo(new[] { First, Second }));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "needs a second loopback address")]
    public async Task A_shared_port_is_bound_on_an_address_that_comes_and_stays_on_one_that_goes()
    {
        InterfaceAddress[] machine = [new(First, "one")];
        var networks = new NetworkMonitor(() => machine, new VirtualTimeProvider());
        var options = new PeerConnectionOptions { IncludeLoopback = true, Networks = networks, ContinualGathering = true };
        await using var factory = new PeerConnectionFactory(null, options, new PeerConnectionFactoryOptions { UdpPort = 0, TcpPort = 0 });
        await using var pair = new PeerPair(factory.CreatePeerConnection(), new PeerConnection(null, PeerPair.LoopbackOptions));
        var (local, remote) = await pair.OpenChannelAsync();
        var told = new BlockingCollection<string>();
        pair.Offerer.IceCandidate += (_, e) => told.Add(e.Candidate!.Candidate);
        machine = [new(Second, "two")];
        networks.Check();
        using var limit = new CancellationTokenSource(PeerPair.Limit);
        var come = new[] { told.Take(limit.Token), told.Take(limit.Token) };
        Assert.That(come, Has.One.Contains($" udp ").IgnoreCase.And.One.Contains($" 127.0.0.2 {factory.TcpEndPoints[0].Port} typ host tcptype passive"));
        Assert.That(come, Has.One.Contains($" 127.0.0.2 {factory.UdpEndPoints[0].Port} typ host ufrag"));
        var message = Next(remote);
        local.Send("still here");
        Assert.That((await message).Text, Is.EqualTo("still here"));
        Assert.That(LocalOf(pair.Offerer), Does.Contain(" 127.0.0.1 "));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "needs a second loopback address")]
    public async Task A_hidden_address_that_comes_late_is_told_by_a_name_of_its_own_which_ends_with_it()
    {
        InterfaceAddress[] machine = [new(First, "one")];
        var networks = new NetworkMonitor(() => machine, new VirtualTimeProvider());
        var names = new RecordedNames();
        var options = new PeerConnectionOptions { IncludeLoopback = true, Networks = networks, ContinualGathering = true, HideHostAddresses = true, MulticastNames = names };
        await using var connection = new PeerConnection(null, options);
        connection.CreateDataChannel("x");
        await connection.SetLocalDescriptionAsync();
        await PeerPair.When(() => connection.IceGatheringState == IceGatheringState.Complete, check => connection.IceGatheringStateChange += (_, _) => check());
        var told = new TaskCompletionSource<IceCandidate?>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.IceCandidate += (_, e) => told.TrySetResult(e.Candidate);
        machine = [new(First, "one"), new(Second, "two")];
        networks.Check();
        var candidate = (await told.Task.WaitAsync(PeerPair.Limit))!.Candidate;
        Assert.That(candidate, Does.Contain($" {names.NameOf(Second)} "));
        Assert.That(connection.LocalDescription!.Sdp, Does.Contain(names.NameOf(Second)).And.Not.Match("candidate:[^\n]*127\\.0"));
        Assert.That((await connection.GetStatsAsync()).ToJson(), Does.Not.Contain("127.0.0."));
        var name = names.NameOf(Second);
        machine = [new(First, "one")];
        networks.Check();
        await PeerPair.When(() => names.Withdrawn.Contains(name), PollSoon);
        Assert.That(names.Withdrawn, Does.Not.Contain(names.NameOf(First)));
    }

    [Test]
    public async Task Ports_are_taken_from_the_range_and_no_others()
    {
        var first = FreePort.Next();
        var options = PeerPair.LoopbackOptions with { MinPort = first, MaxPort = first };
        await using var pair = new PeerPair(options);
        await pair.OpenChannelAsync();
        Assert.That(LocalOf(pair.Offerer), Does.Contain($" {first} typ host"));

        await using var another = new PeerConnection(null, options);
        another.CreateDataChannel("x");
        await another.SetLocalDescriptionAsync();
        await PeerPair.When(() => another.IceGatheringState == IceGatheringState.Complete, check => another.IceGatheringStateChange += (_, _) => check());
        Assert.That(another.LocalDescription!.Sdp, Does.Not.Contain("a=candidate"), "the only port is taken");
    }

    [TestCase(0, 5)]
    [TestCase(10, 9)]
    [TestCase(-1, 9)]
    [TestCase(1, 70_000)]
    public void A_range_of_ports_that_is_none_is_refused(int min, int max) =>
        Assert.That(() => new PeerConnection(null, new PeerConnectionOptions { MinPort = min, MaxPort = max }), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task A_pool_of_candidates_is_gathered_ahead_and_told_with_the_description()
    {
        var port = FreePort.Next();
        await using var connection = new PeerConnection(
            new PeerConnectionConfiguration { IceCandidatePoolSize = 1 }, PeerPair.LoopbackOptions with { MinPort = port, MaxPort = port });
        var told = 0;
        connection.IceCandidate += (_, e) => told += e.Candidate is null ? 0 : 1;
        await PeerPair.When(() => !IsFree(port), PollSoon);
        Assert.That((connection.IceGatheringState, told), Is.EqualTo((IceGatheringState.New, 0)));
        connection.CreateDataChannel("x");
        await connection.SetLocalDescriptionAsync();
        await PeerPair.When(() => connection.IceGatheringState == IceGatheringState.Complete, check => connection.IceGatheringStateChange += (_, _) => check());
        Assert.That(told, Is.EqualTo(1));
        Assert.That(() => connection.SetConfiguration(new PeerConnectionConfiguration { IceCandidatePoolSize = 2 }), Throws.TypeOf<RtcException>());
        await connection.DisposeAsync();
        Assert.That(IsFree(port), Is.True, "closing gives the port back");
    }

    [Test]
    public async Task Another_policy_counts_from_the_next_restart_on()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        Assert.That(pair.Offerer.LocalDescription!.Sdp, Does.Contain("typ host"));
        pair.Offerer.SetConfiguration(new PeerConnectionConfiguration { IceTransportPolicy = IceTransportPolicy.Relay });
        Assert.That(pair.Offerer.LocalDescription!.Sdp, Does.Contain("typ host"));
        await pair.NegotiateAsync(new OfferOptions { IceRestart = true });
        await PeerPair.When(() => pair.Offerer.IceGatheringState == IceGatheringState.Complete, check => pair.Offerer.IceGatheringStateChange += (_, _) => check());
        Assert.That(pair.Offerer.LocalDescription!.Sdp, Does.Not.Contain("typ host"), "there is no relay, and nothing else may be told");
        var message = Next(remote);
        local.Send("still");
        Assert.That((await message).Text, Is.EqualTo("still"), "the old path serves until its successor does");
    }

    [Test]
    public async Task The_phases_of_the_setup_are_timed()
    {
        await using var pair = new PeerPair();
        await pair.OpenChannelAsync();
        await PeerPair.When(() => pair.Offerer.IceGatheringState == IceGatheringState.Complete, check => pair.Offerer.IceGatheringStateChange += (_, _) => check());
        await PeerPair.When(() => pair.Offerer.GetSetupTimings() is { Nomination: not null, Gathering: not null }, PollSoon);
        var timings = pair.Offerer.GetSetupTimings();
        Assert.That(timings.FirstPair, Is.LessThanOrEqualTo(timings.Nomination!.Value));
        Assert.That(timings.FirstPair, Is.LessThanOrEqualTo(timings.Dtls!.Value));
        Assert.That(timings.Dtls, Is.LessThanOrEqualTo(timings.Sctp!.Value));
        Assert.That(timings.Sctp, Is.LessThan(PeerPair.Limit));
    }

    [Test]
    public void Nobody_is_told_of_the_network_when_nothing_changes_or_nobody_listens_any_more()
    {
        InterfaceAddress[] machine = [new(First, "one")];
        var time = new VirtualTimeProvider();
        var networks = new NetworkMonitor(() => machine, time);
        var told = 0;
        using (networks.Subscribe(_ => told++))
        {
            networks.Check();
            machine = [new(First, "one")];
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.That(told, Is.Zero);
            machine = [];
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.That(told, Is.EqualTo(1), "looked every two seconds");
        }

        machine = [new(Second, "two")];
        networks.Check();
        Assert.That(told, Is.EqualTo(1));
        Assert.That(time.NextDue, Is.Null, "no timer runs for nobody");
    }

    /// <summary>Names for addresses that have no multicast.</summary>
    private sealed class RecordedNames : WebRtcCore.Transport.Multicast.IMulticastNames
    {
        private readonly Dictionary<string, string> _names = [];
        private readonly List<string> _withdrawn = [];

        public IReadOnlyList<string> Withdrawn
        {
            get
            {
                lock (_names)
                {
                    return [.. _withdrawn];
                }
            }
        }

        public string NameOf(IPAddress address)
        {
            lock (_names)
            {
                return _names[address.ToString()];
            }
        }

        public Task<WebRtcCore.Primitives.TransportAddress> ResolveAsync(string name, IReadOnlyList<WebRtcCore.Primitives.TransportAddress> locals, CancellationToken cancellationToken) =>
            Task.FromResult<WebRtcCore.Primitives.TransportAddress>(default);

        public string? Publish(WebRtcCore.Primitives.TransportAddress address)
        {
            lock (_names)
            {
                return _names[address.ToIPAddress().ToString()] = $"{Guid.NewGuid()}.local";
            }
        }

        public void Withdraw(string name)
        {
            lock (_names)
            {
                _withdrawn.Add(name);
            }
        }
    }

    private static string LocalOf(PeerConnection connection) => connection.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!.Local.Candidate;

    private static async Task<DataChannelMessage> Next(DataChannel channel)
    {
        var next = new TaskCompletionSource<DataChannelMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Message += (_, e) => next.TrySetResult(e.Message);
        return await next.Task.WaitAsync(PeerPair.Limit);
    }

    // For what raises no event.
    private static void PollSoon(Action check) => _ = Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var end = Environment.TickCount64 + (long)PeerPair.Limit.TotalMilliseconds;
        while (Environment.TickCount64 < end && await timer.WaitForNextTickAsync())
        {
            check();
        }
    });

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
