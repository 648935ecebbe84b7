using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests.Turn;

[TestFixture]
public class TurnClientTests
{
    private static readonly TurnClientOptions Options = new() { Username = "alice", Password = "secret" };

    [TestCase(false)]
    [TestCase(true)]
    public void Allocates_after_a_challenge(bool isModern)
    {
        var bench = new TurnClientBench();
        bench.Server.IsModern = isModern;
        bench.Allocate();
        Assert.That(bench.Client.State, Is.EqualTo(TurnClientState.Allocated));
        Assert.That(bench.Client.RelayedAddress4, Is.EqualTo(TurnClientBench.ServerAddress.WithPort(49_152)));
        Assert.That(bench.Client.RelayedAddress6.IsNone, Is.True);
        Assert.That(bench.Client.MappedAddress, Is.EqualTo(TurnClientBench.ClientAddress));
        Assert.That(bench.Server.Requests[StunMethod.Allocate], Is.EqualTo(2));
        Assert.That(bench.Events.Select(e => e.Kind), Is.EqualTo(new[] { TurnClientEventKind.Allocated }));
    }

    [Test]
    public void One_allocation_gives_an_address_of_each_family_that_the_server_has()
    {
        var bench = new TurnClientBench(hasIPv6: true).Allocate();
        Assert.That(bench.Client.RelayedAddress4.IsIPv4 && bench.Client.RelayedAddress6.IsIPv6, Is.True);
        Assert.That(bench.Server.AllocationCount, Is.EqualTo(1));
    }

    [Test]
    public void The_family_can_be_chosen()
    {
        var bench = new TurnClientBench(options: Options with { Family = TurnAddressFamily.IPv6 }, hasIPv6: true).Allocate();
        Assert.That(bench.Client.RelayedAddress4.IsNone && bench.Client.RelayedAddress6.IsIPv6, Is.True);
        bench = new TurnClientBench(options: Options with { Family = TurnAddressFamily.IPv6 }).Allocate();
        Assert.That(bench.Errors, Is.EqualTo(new[] { TurnErrorKind.AddressFamilyNotSupported }));
    }

    [Test]
    public void A_server_without_ipv4_gives_what_it_has()
    {
        var network = new VirtualNetwork();
        var server = new TurnServerNode(TurnClientBench.ServerAddress6);
        var client = new TurnClient(new NetworkPath(TransportAddress.Parse("2001:db8::1", 1), TurnClientBench.ServerAddress6), Options, new SeededRandomSource(1));
        network.AddHost("server", server, server.Addresses);
        network.AddHost("client", new VirtualNode
        {
            OnDatagram = (Span<byte> datagram, in NetworkPath _, Instant now) => client.HandleDatagram(datagram, now, out var _),
            OnPoll = client.TryPollTransmit,
            OnTimeout = client.HandleTimeout,
            OnNextTimeout = () => client.NextTimeout,
        }, client.Path.Local);
        client.Allocate(network.Now);
        Assert.That(network.RunUntil(() => client.State == TurnClientState.Allocated, TimeSpan.FromSeconds(5)), Is.True);
        Assert.That(client.RelayedAddress6.IsIPv6, Is.True);
    }

    [Test]
    public void Allocates_permits_binds_and_relays_under_loss()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var bench = new TurnClientBench(seed, loss: 0.2).Allocate();
            Assert.That(bench.Client.State, Is.EqualTo(TurnClientState.Allocated), $"seed {seed}");
            Assert.That(bench.Permit() && bench.Bind(), Is.True, $"seed {seed}");
            for (var i = 0; i < 20; i++)
            {
                bench.Send(7);
            }

            Assert.That(bench.Network.RunUntil(() => bench.Received.Count > 0, TimeSpan.FromSeconds(1)), Is.True, $"seed {seed}");
            Assert.That(bench.Received[0].Peer, Is.EqualTo(TurnClientBench.PeerAddress), $"seed {seed}");
        }
    }

    [Test]
    public void Data_goes_in_indications_until_the_channel_is_bound()
    {
        var bench = new TurnClientBench().Allocate();
        Assert.That(bench.Send(1), Is.False, "no permission yet");
        bench.Permit();
        Assert.That(bench.Client.BindChannel(TurnClientBench.PeerAddress, bench.Network.Now), Is.True);
        Assert.That(bench.Send(1), Is.True);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Server.Relayed, Is.EqualTo((1, 0)));
        Assert.That(bench.Send(2), Is.True);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Server.Relayed, Is.EqualTo((1, 1)));
        Assert.That(bench.Received.Select(r => r.Data[0]), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void A_server_that_binds_no_channels_is_used_with_indications()
    {
        var bench = new TurnClientBench().Allocate();
        bench.Server.ChannelError = StunErrorCode.InsufficientCapacity;
        bench.Permit();
        bench.Client.BindChannel(TurnClientBench.PeerAddress, bench.Network.Now);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        bench.Send(1);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void Allocation_permissions_and_channels_live_for_hours_through_new_nonces()
    {
        var bench = new TurnClientBench().Allocate();
        bench.Permit();
        bench.Bind();
        for (var hour = 0; hour < 3; hour++)
        {
            bench.Server.ExpireNonce();
            bench.Network.RunFor(TimeSpan.FromHours(1));
            bench.Received.Clear();
            bench.Send(1);
            bench.Network.RunFor(TimeSpan.FromSeconds(1));
            Assert.That(bench.Received, Has.Count.EqualTo(1), $"hour {hour}");
        }

        Assert.That(bench.Server.Relayed.Indications, Is.Zero);
        Assert.That(bench.Server.Requests[StunMethod.Refresh], Is.InRange(18, 25), "every nine minutes, and again after a stale nonce");
        Assert.That(bench.Server.Requests[StunMethod.CreatePermission], Is.InRange(44, 50), "every four minutes");
        Assert.That(bench.Server.Requests[StunMethod.ChannelBind], Is.InRange(18, 25), "every nine minutes");
        Assert.That(bench.Errors, Is.Empty);
    }

    [Test]
    public void Close_ends_the_allocation_on_the_server()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var bench = new TurnClientBench(seed, loss: 0.2).Allocate();
            bench.Server.ExpireNonce();
            bench.Client.Close(bench.Network.Now);
            bench.Network.RunFor(TimeSpan.FromMinutes(2));
            Assert.That(bench.Server.AllocationCount, Is.Zero, $"seed {seed}");
            Assert.That(bench.Client.State, Is.EqualTo(TurnClientState.Closed), $"seed {seed}");
            Assert.That(bench.Client.NextTimeout, Is.Null, $"seed {seed}");
            Assert.That(bench.Send(1), Is.False, $"seed {seed}");
        }
    }

    [Test]
    public void Wrong_credentials_fail_at_the_second_answer()
    {
        var bench = new TurnClientBench(options: Options with { Password = "wrong" }).Allocate();
        Assert.That(bench.Client.State, Is.EqualTo(TurnClientState.Failed));
        Assert.That(bench.Events.Single().Error, Is.EqualTo(new TurnError(TurnErrorKind.Unauthorized, StunErrorCode.Unauthenticated, "Because")));
        Assert.That(bench.Server.Requests[StunMethod.Allocate], Is.EqualTo(2));
        bench = new TurnClientBench(options: new TurnClientOptions()).Allocate();
        Assert.That(bench.Errors, Is.EqualTo(new[] { TurnErrorKind.Unauthorized }));
        Assert.That(bench.Server.Requests[StunMethod.Allocate], Is.EqualTo(1), "there is nothing to answer the challenge with");
    }

    [Test]
    public void A_server_that_asks_for_no_credentials_needs_none()
    {
        var bench = new TurnClientBench(options: new TurnClientOptions());
        bench.Server.Username = "";
        Assert.That(bench.Allocate().Client.State, Is.EqualTo(TurnClientState.Allocated));
    }

    [Test]
    public void A_nonce_that_promises_algorithms_which_are_missing_is_not_answered()
    {
        var bench = new TurnClientBench();
        bench.Server.IsModern = bench.Server.IsStripped = true;
        bench.Allocate();
        Assert.That(bench.Errors, Is.EqualTo(new[] { TurnErrorKind.BadAnswer }));
        Assert.That(bench.Server.Requests[StunMethod.Allocate], Is.EqualTo(1));
    }

    [Test]
    public void An_answer_with_a_wrong_integrity_counts_as_none()
    {
        var bench = new TurnClientBench();
        bench.Server.ForgesIntegrity = true;
        bench.Allocate();
        Assert.That(bench.Errors, Is.EqualTo(new[] { TurnErrorKind.Timeout }));
        Assert.That(bench.Client.DatagramsDropped, Is.GreaterThan(3));
    }

    [TestCase(StunErrorCode.Forbidden, TurnErrorKind.Forbidden)]
    [TestCase(StunErrorCode.AllocationMismatch, TurnErrorKind.AllocationMismatch)]
    [TestCase(StunErrorCode.WrongCredentials, TurnErrorKind.WrongCredentials)]
    [TestCase(StunErrorCode.UnsupportedTransportProtocol, TurnErrorKind.UnsupportedTransport)]
    [TestCase(StunErrorCode.PeerAddressFamilyMismatch, TurnErrorKind.PeerAddressFamilyMismatch)]
    [TestCase(StunErrorCode.AllocationQuotaReached, TurnErrorKind.QuotaReached)]
    [TestCase(StunErrorCode.InsufficientCapacity, TurnErrorKind.InsufficientCapacity)]
    [TestCase(StunErrorCode.ServerError, TurnErrorKind.Other)]
    public void Errors_of_the_server_are_told_by_kind_and_code(StunErrorCode code, TurnErrorKind kind)
    {
        var bench = new TurnClientBench();
        bench.Server.AllocateError = code;
        bench.Allocate();
        Assert.That(bench.Events.Single().Error, Is.EqualTo(new TurnError(kind, code, "Because")));
        Assert.That(bench.Client.NextTimeout, Is.Null);
    }

    [Test]
    public void An_alternate_server_is_told()
    {
        var bench = new TurnClientBench();
        bench.Server.AllocateError = StunErrorCode.TryAlternate;
        bench.Server.AlternateServer = TransportAddress.Parse("198.51.100.2", 3479);
        bench.Allocate();
        Assert.That(bench.Events.Single().Error!.AlternateServer, Is.EqualTo(bench.Server.AlternateServer));
    }

    [Test]
    public void A_server_that_does_not_answer_is_asked_seven_times_over_udp()
    {
        var client = new TurnClient(new NetworkPath(TurnClientBench.ClientAddress, TurnClientBench.ServerAddress), Options, new SeededRandomSource(1));
        Assert.That(CountTransmissions(client, out var duration), Is.EqualTo(7));
        Assert.That(duration, Is.EqualTo(TimeSpan.FromSeconds(39.5)));
    }

    [Test]
    public void Over_a_stream_a_request_is_sent_once()
    {
        var client = new TurnClient(
            new NetworkPath(TurnClientBench.ClientAddress, TurnClientBench.ServerAddress, TransportProtocol.Tcp), Options with { IsStream = true }, new SeededRandomSource(1));
        Assert.That(CountTransmissions(client, out var duration), Is.EqualTo(1));
        Assert.That(duration, Is.EqualTo(TimeSpan.FromSeconds(39.5)));
    }

    [Test]
    public void A_server_that_has_forgotten_the_allocation_fails_it()
    {
        var bench = new TurnClientBench().Allocate();
        bench.Server.Forget();
        bench.Network.RunFor(TimeSpan.FromMinutes(10));
        Assert.That(bench.Errors, Is.EqualTo(new[] { TurnErrorKind.AllocationMismatch }));
    }

    [Test]
    public void A_forbidden_peer_is_refused_and_the_others_are_not()
    {
        var bench = new TurnClientBench().Allocate();
        bench.Server.Forbidden = TransportAddress.Parse("10.0.0.7", 1);
        Assert.That(bench.Permit(bench.Server.Forbidden), Is.False);
        Assert.That(bench.Events.Last().Kind, Is.EqualTo(TurnClientEventKind.PermissionRefused));
        Assert.That(bench.Errors, Is.EqualTo(new[] { TurnErrorKind.Forbidden }));
        Assert.That(bench.Permit(), Is.True);
        Assert.That(bench.Send(1, bench.Server.Forbidden), Is.False);
    }

    [Test]
    public void Security_4_a_peer_in_another_notation_is_the_same_peer_to_the_client()
    {
        var bench = new TurnClientBench().Allocate();
        var wrapped = TransportAddress.FromBytes([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 203, 0, 113, 9], 6000);
        Assert.That(bench.Permit(wrapped) && bench.Client.IsPermitted(TurnClientBench.PeerAddress), Is.True);
        Assert.That(bench.Permit(), Is.True);
        Assert.That(bench.Server.Requests[StunMethod.CreatePermission], Is.EqualTo(1));
        foreach (var address in new[] { "0.0.0.0", "::", "::ffff:0.0.0.0", "224.0.0.1" })
        {
            Assert.That(bench.Client.AddPeer(TransportAddress.Parse(address, 1), bench.Network.Now), Is.False, address);
        }
    }

    [Test]
    public void Security_5_data_of_a_peer_without_permission_is_dropped()
    {
        var bench = new TurnClientBench().Allocate();
        var stranger = TransportAddress.Parse("203.0.113.66", 1);
        InjectIndication(bench, stranger);
        bench.Server.Inject([0x40, 0, 0, 1, 9], TurnClientBench.ClientAddress);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Received, Is.Empty);
        Assert.That(bench.Client.DatagramsDropped, Is.EqualTo(2));
        bench.Permit(stranger);
        InjectIndication(bench, stranger);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Received.Single().Peer, Is.EqualTo(stranger));
    }

    [Test]
    public void Security_5_a_permission_lasts_five_minutes_and_a_channel_ten()
    {
        var bench = new TurnClientBench().Allocate();
        bench.Permit();
        bench.Bind();
        bench.Network.Interceptor = datagram => IsRequest(datagram.Bytes.Span) ? DatagramFate.Drop : DatagramFate.Pass;
        bench.Network.RunFor(TimeSpan.FromMinutes(4.9));
        InjectIndication(bench, TurnClientBench.PeerAddress);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Received, Has.Count.EqualTo(1), "four minutes");
        bench.Network.RunFor(TimeSpan.FromMinutes(1));
        InjectIndication(bench, TurnClientBench.PeerAddress);
        bench.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(bench.Received, Has.Count.EqualTo(1), "five minutes");
        Assert.That(bench.Client.IsPermitted(TurnClientBench.PeerAddress), Is.False);
    }

    [Test]
    public void Peers_are_capped()
    {
        var bench = new TurnClientBench(options: Options with { MaxPeers = 3 }).Allocate();
        var added = Enumerable.Range(0, 10_000).Count(i => bench.Client.AddPeer(TurnClientBench.PeerAddress.WithPort(1 + i), bench.Network.Now));
        Assert.That(added, Is.EqualTo(3));
    }

    [Test]
    public void Data_costs_no_allocation_either_way()
    {
        var bench = new TurnClientBench().Allocate();
        bench.Permit();
        var buffer = new byte[1300];
        byte[]? indication = null;
        Assert.That(Allocations.Measure(() => bench.Client.Wrap(buffer, TurnClientBench.PeerAddress, 1000)), Is.Zero, "indication");
        indication = MakeIndication(TurnClientBench.PeerAddress);
        var now = bench.Network.Now;
        Assert.That(Allocations.Measure(() => bench.Client.HandleDatagram(indication, now, out _)), Is.Zero);
        bench.Bind();
        now = bench.Network.Now;
        Assert.That(Allocations.Measure(() => bench.Client.Wrap(buffer, TurnClientBench.PeerAddress, 1000)), Is.Zero, "channel");
        Assert.That(Allocations.Measure(() => bench.Client.HandleDatagram(buffer.AsSpan(0, 1004), now, out _)), Is.Zero);
    }

    [Test]
    public void Messages_of_others_are_left_to_them()
    {
        var bench = new TurnClientBench().Allocate();
        var writer = new StunMessageWriter(new byte[100], StunClass.SuccessResponse, StunMethod.Allocate, new StunTransactionId(9, 9));
        Assert.That(bench.Client.HandleDatagram(writer.Written, bench.Network.Now, out _), Is.EqualTo(TurnInput.NotForUs));
        writer = new StunMessageWriter(new byte[100], StunClass.Request, StunMethod.Binding, new StunTransactionId(9, 9));
        Assert.That(bench.Client.HandleDatagram(writer.Written, bench.Network.Now, out _), Is.EqualTo(TurnInput.NotForUs));
        Assert.That(bench.Client.HandleDatagram([22, 254, 253], bench.Network.Now, out _), Is.EqualTo(TurnInput.NotForUs));
    }

    private static bool IsRequest(ReadOnlySpan<byte> bytes) => StunMessageView.TryParse(bytes, out var message) && message.Class == StunClass.Request;

    private static byte[] MakeIndication(TransportAddress peer)
    {
        var bytes = new byte[100];
        return bytes[..TurnIndication.Complete(bytes, StunMethod.Data, new StunTransactionId(1, 1), peer, 5)];
    }

    private static void InjectIndication(TurnClientBench bench, TransportAddress peer) => bench.Server.Inject(MakeIndication(peer), TurnClientBench.ClientAddress);

    private static int CountTransmissions(TurnClient client, out TimeSpan duration)
    {
        var count = 0;
        var now = VirtualClock.Start;
        client.Allocate(now);
        var buffer = new byte[1200];
        while (true)
        {
            while (client.TryPollTransmit(buffer, out _))
            {
                count++;
            }

            if (client.NextTimeout is not { } next)
            {
                break;
            }

            now = next;
            client.HandleTimeout(now);
        }

        Assert.That(client.TryPollEvent(out var e) && e.Error!.Kind == TurnErrorKind.Timeout, Is.True);
        duration = now - VirtualClock.Start;
        return count;
    }
}
