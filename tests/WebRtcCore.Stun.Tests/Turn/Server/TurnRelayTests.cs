using System.Net;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun.Tests.Turn.Server;

public sealed class TurnRelayTests
{
    private static readonly TransportAddress Peer = TurnRelayBench.PeerAddress;

    [Test]
    public void Binding_needs_no_credentials_and_tells_where_it_came_from()
    {
        using var bench = new TurnRelayBench();
        var answer = bench.Send(bench.Write(StunMethod.Binding));
        Assert.That((answer.IsSuccess, answer.Mapped), Is.EqualTo((true, bench.Client.Remote)));
    }

    [TestCase(null)]
    [TestCase(StunPasswordAlgorithm.Md5)]
    [TestCase(StunPasswordAlgorithm.Sha256)]
    public void Client_with_credentials_gets_an_allocation(StunPasswordAlgorithm? algorithm)
    {
        using var bench = new TurnRelayBench { Algorithm = algorithm };
        var answer = bench.Allocate();
        Assert.That((answer.IsSuccess, answer.Mapped, answer.Lifetime), Is.EqualTo((true, bench.Client.Remote, (uint?)600)));
        Assert.That(bench.Node.Open, Is.EquivalentTo(new[] { answer.Relayed }));
        Assert.That(StunMessageView.TryParse(answer.Bytes, out var message), Is.True);
        using var key = StunIntegrityKey.FromLongTermCredential("alice", "test.example", "secret", algorithm ?? StunPasswordAlgorithm.Md5);
        Assert.That(algorithm is null ? message.VerifyMessageIntegrity(key) : message.VerifyMessageIntegritySha256(key), Is.True, "The answer proves itself too.");
    }

    [Test]
    public void Without_right_credentials_there_is_a_challenge_and_no_allocation()
    {
        using var bench = new TurnRelayBench { Password = "wrong" };
        Assert.That(bench.Allocate().Code, Is.EqualTo(StunErrorCode.Unauthenticated));
        bench.Username = "nobody";
        Assert.That(bench.Allocate().Code, Is.EqualTo(StunErrorCode.Unauthenticated));
        Assert.That(bench.Node.Open, Is.Empty);
    }

    [Test]
    public void Nonces_are_of_use_to_one_client_and_for_a_time()
    {
        using var bench = new TurnRelayBench(new TurnRelayOptions { Realm = "test.example", NonceLifetime = TimeSpan.FromMinutes(1), DefaultLifetime = TimeSpan.FromHours(1) });
        bench.Allocate();
        bench.Now += TimeSpan.FromSeconds(59);
        Assert.That(bench.Send(bench.Write(StunMethod.Refresh)).IsSuccess, Is.True);
        bench.Now += TimeSpan.FromSeconds(2);
        var stale = bench.Write(StunMethod.Refresh);
        Assert.That(bench.Send(stale).Code, Is.EqualTo(StunErrorCode.StaleNonce));
        Assert.That(bench.Refresh(600).IsSuccess, Is.True, "The answer brought a fresh one.");
        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(5001) };
        Assert.That(bench.Send(bench.Write(StunMethod.Refresh)).Code, Is.EqualTo(StunErrorCode.StaleNonce));
    }

    [Test]
    public void A_list_of_algorithms_that_was_changed_on_the_way_is_refused()
    {
        using var bench = new TurnRelayBench();
        bench.Allocate();
        var message = bench.Write(StunMethod.Refresh, (ref StunMessageWriter w) => w.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithms, StunPasswordAlgorithm.Md5));
        Assert.That(bench.Send(message).Code, Is.EqualTo(StunErrorCode.BadRequest));
    }

    [Test]
    public void Data_goes_both_ways_once_there_is_a_permission()
    {
        using var bench = new TurnRelayBench();
        var relayed = bench.Allocate().Relayed;
        Assert.That(bench.FromClient([1, 2, 3], peer: Peer), Is.Null);
        Assert.That(bench.FromPeer([4], relayed, Peer), Is.Null);
        Assert.That(bench.Permit(Peer.WithPort(0)).IsSuccess, Is.True);
        var sent = bench.FromClient([1, 2, 3], peer: Peer);
        Assert.That(sent!.Value.Data, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(sent.Value.Path, Is.EqualTo(new NetworkPath(relayed, Peer)));
        var received = bench.FromPeer([4, 5], relayed, Peer.WithPort(9));
        Assert.That(received!.Value.Path, Is.EqualTo(bench.Client));
        Assert.That(StunMessageView.TryParse(received.Value.Message, out var message) && TurnIndication.TryRead(message, out var from, out var data)
            && from == Peer.WithPort(9) && data.SequenceEqual<byte>([4, 5]), Is.True);
        Assert.That(bench.FromPeer([4], relayed, TransportAddress.Parse("203.0.113.10", 6000)), Is.Null, "Another address has no permission.");
    }

    [Test]
    public void Channels_carry_data_both_ways_and_bring_their_permission()
    {
        using var bench = new TurnRelayBench();
        var relayed = bench.Allocate().Relayed;
        Assert.That(bench.FromClient([1], isChannelData: true), Is.Null);
        Assert.That(bench.Bind(TurnChannel.First, Peer).IsSuccess, Is.True);
        Assert.That(bench.FromClient([1, 2], isChannelData: true)!.Value.Path, Is.EqualTo(new NetworkPath(relayed, Peer)));
        var received = bench.FromPeer([7, 8, 9], relayed, Peer)!.Value.Message;
        Assert.That(received, Is.EqualTo(new byte[] { 0x40, 0x00, 0, 3, 7, 8, 9 }));
        bench.Client = bench.Client with { Protocol = TransportProtocol.Tcp };
        Assert.That(bench.FromClient([1], isChannelData: true), Is.Null, "Another transport is another client.");
    }

    [Test]
    public void Over_a_stream_channel_data_is_padded()
    {
        using var bench = new TurnRelayBench();
        bench.Client = bench.Client with { Protocol = TransportProtocol.Tcp };
        var relayed = bench.Allocate().Relayed;
        bench.Bind(TurnChannel.First, Peer);
        Assert.That(bench.FromPeer([7], relayed, Peer)!.Value.Message, Is.EqualTo(new byte[] { 0x40, 0x00, 0, 1, 7, 0, 0, 0 }));
    }

    [Test]
    public void A_channel_and_a_peer_belong_together_until_the_binding_ends()
    {
        using var bench = new TurnRelayBench();
        bench.Allocate();
        Assert.That(bench.Bind(0x3FFF, Peer).Code, Is.EqualTo(StunErrorCode.BadRequest));
        Assert.That(bench.Bind(0x8000, Peer).Code, Is.EqualTo(StunErrorCode.BadRequest));
        Assert.That(bench.Bind(TurnChannel.LastOfOlderClients, Peer.WithPort(1)).IsSuccess, Is.True, "Clients of RFC 5766 are served.");
        Assert.That(bench.FromClient([1], isChannelData: true, channel: TurnChannel.LastOfOlderClients), Is.Not.Null);
        Assert.That(bench.Bind(TurnChannel.Last, Peer).IsSuccess, Is.True);
        Assert.That(bench.Bind(TurnChannel.Last, Peer).IsSuccess, Is.True, "Binding again prolongs.");
        Assert.That(bench.Bind(TurnChannel.Last, Peer.WithPort(6001)).Code, Is.EqualTo(StunErrorCode.BadRequest));
        Assert.That(bench.Bind(TurnChannel.First, Peer).Code, Is.EqualTo(StunErrorCode.BadRequest));
        bench.Advance(TimeSpan.FromMinutes(5));
        bench.Refresh(3600);
        bench.Advance(TimeSpan.FromMinutes(6));
        Assert.That(bench.FromClient([1], isChannelData: true, channel: TurnChannel.Last), Is.Null, "After ten minutes it is over.");
        Assert.That(bench.Bind(TurnChannel.First, Peer).IsSuccess, Is.True);
        Assert.That(bench.FromClient([1], isChannelData: true, channel: TurnChannel.Last), Is.Null);
        Assert.That(bench.FromClient([1], isChannelData: true), Is.Not.Null);
    }

    [Test]
    public void Security_5_permissions_last_five_minutes_and_channels_ten()
    {
        using var bench = new TurnRelayBench();
        var relayed = bench.Allocate((ref StunMessageWriter w) => w.AddUInt32(StunAttributeType.Lifetime, 3600)).Relayed;
        bench.Permit(Peer);
        bench.Advance(TimeSpan.FromSeconds(299));
        Assert.That(bench.FromClient([1], peer: Peer), Is.Not.Null);
        bench.Advance(TimeSpan.FromSeconds(2));
        Assert.That(bench.FromClient([1], peer: Peer), Is.Null);
        Assert.That(bench.FromPeer([1], relayed, Peer), Is.Null);

        // A channel outlives the permission that comes with it, so that is prolonged.
        bench.Bind(TurnChannel.First, Peer);
        bench.Advance(TimeSpan.FromSeconds(290));
        bench.Permit(Peer);
        bench.Advance(TimeSpan.FromSeconds(290));
        bench.Permit(Peer);
        bench.Advance(TimeSpan.FromSeconds(19));
        Assert.That(bench.FromClient([1], isChannelData: true), Is.Not.Null, "before ten minutes");
        bench.Advance(TimeSpan.FromSeconds(2));
        Assert.That(bench.FromClient([1], isChannelData: true), Is.Null, "after ten minutes");
        Assert.That(bench.FromClient([1], peer: Peer), Is.Not.Null, "the permission is still there");
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("10.1.2.3")]
    [TestCase("192.168.1.1")]
    [TestCase("169.254.169.254")]
    [TestCase("0.0.0.0")]
    [TestCase("::")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("2002:7f00:1::")]
    [TestCase("224.0.0.1")]
    [TestCase("fe80::1")]
    [TestCase("fd00::1")]
    public void Security_4_addresses_behind_the_relay_are_closed_in_every_notation(string address)
    {
        using var bench = new TurnRelayBench(hasIPv6: true);
        bench.Allocate((ref StunMessageWriter w) => w.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, TurnAddressFamily.IPv6));
        var peer = TransportAddress.Parse(address, 80);
        Assert.That(bench.Permit(peer).Code, Is.EqualTo(StunErrorCode.Forbidden));
        Assert.That(bench.Bind(TurnChannel.First, peer).Code, Is.EqualTo(StunErrorCode.Forbidden));
        Assert.That(bench.FromClient([1], peer: peer), Is.Null);
    }

    [Test]
    public void Networks_may_be_opened_and_closed_by_name()
    {
        var rules = new TurnPeerRules { AllowedNetworks = [IPNetwork.Parse("10.5.0.0/16")], DeniedNetworks = [IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("10.5.9.0/24")] };
        Assert.That(rules.Allows(TransportAddress.Parse("10.5.1.1", 1)), Is.True);
        Assert.That(rules.Allows(TransportAddress.Parse("10.5.9.1", 1)), Is.False);
        Assert.That(rules.Allows(TransportAddress.Parse("10.6.1.1", 1)), Is.False);
        Assert.That(rules.Allows(Peer), Is.False);
        Assert.That(rules.Allows(TransportAddress.Parse("198.18.0.1", 1)), Is.True);
    }

    [Test]
    public void Lifetimes_are_granted_within_bounds_and_run_out()
    {
        using var bench = new TurnRelayBench();
        Assert.That(bench.Allocate((ref StunMessageWriter w) => w.AddUInt32(StunAttributeType.Lifetime, 100_000)).Lifetime, Is.EqualTo(3600));
        Assert.That(bench.Refresh(1).Lifetime, Is.EqualTo(600));
        bench.Advance(TimeSpan.FromSeconds(599));
        Assert.That(bench.Relay.Statistics.Allocations, Is.EqualTo(1));
        Assert.That(bench.Relay.NextTimeout, Is.Not.Null);
        bench.Advance(TimeSpan.FromSeconds(3600));
        Assert.That((bench.Relay.Statistics.Allocations, bench.Node.Open.Count, bench.Relay.NextTimeout), Is.EqualTo((0, 0, (Instant?)null)));
        Assert.That(bench.Permit(Peer).Code, Is.EqualTo(StunErrorCode.AllocationMismatch));
    }

    [TestCase(600u, 600u)]
    [TestCase(3600u, 600u)]
    public void Refreshing_without_end_costs_one_entry(uint longer, uint shorter)
    {
        using var bench = new TurnRelayBench();
        bench.Allocate();
        for (var i = 0; i < 500; i++)
        {
            bench.Now += TimeSpan.FromSeconds(1);
            Assert.That(bench.Refresh(longer).IsSuccess, Is.True);
            Assert.That(bench.Refresh(shorter).IsSuccess, Is.True);
            Assert.That(bench.Relay.NextTimeout, Is.EqualTo(bench.Now + TimeSpan.FromSeconds(shorter)));
        }

        var timeouts = 0;
        for (; bench.Relay.NextTimeout is { } next; timeouts++)
        {
            bench.Now = next;
            bench.Relay.HandleTimeout(bench.Now);
        }

        Assert.That(timeouts, Is.EqualTo(1));
        Assert.That(bench.Node.Open, Is.Empty);
    }

    [Test]
    public void A_refresh_with_lifetime_0_ends_the_allocation_also_a_second_time()
    {
        using var bench = new TurnRelayBench();
        var relayed = bench.Allocate().Relayed;
        bench.Permit(Peer);
        Assert.That(bench.Refresh(0).Lifetime, Is.Zero);
        Assert.That(bench.Node.Open, Is.Empty);
        Assert.That(bench.FromPeer([1], relayed, Peer), Is.Null);
        Assert.That(bench.Refresh(0).IsSuccess, Is.True);
        Assert.That(bench.Refresh(600).Code, Is.EqualTo(StunErrorCode.AllocationMismatch));
    }

    [Test]
    public void An_allocate_request_sent_again_gets_the_same_answer_and_another_one_is_refused()
    {
        using var bench = new TurnRelayBench();
        var id = new StunTransactionId(1, 2);
        var first = bench.Allocate(id: id);
        Assert.That(bench.Allocate(id: id).Relayed, Is.EqualTo(first.Relayed));
        Assert.That(bench.Allocate().Code, Is.EqualTo(StunErrorCode.AllocationMismatch));
        Assert.That(bench.Relay.Statistics.AllocationsMade, Is.EqualTo(1));
    }

    [Test]
    public void Another_user_cannot_touch_an_allocation()
    {
        using var bench = new TurnRelayBench();
        bench.Allocate();
        (bench.Username, bench.Password) = ("bob", "other");
        Assert.That(bench.Refresh(0).Code, Is.EqualTo(StunErrorCode.WrongCredentials));
        Assert.That(bench.Permit(Peer).Code, Is.EqualTo(StunErrorCode.WrongCredentials));
    }

    [Test]
    public void Users_allocations_permissions_and_channels_are_capped()
    {
        var options = new TurnRelayOptions { Realm = "test.example", MaxAllocationsPerUser = 2, MaxAllocations = 3, MaxPermissions = 3, MaxChannels = 2 };
        using var bench = new TurnRelayBench(options);
        for (var i = 0; i < 2; i++)
        {
            bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7000 + i) };
            Assert.That(bench.Allocate().IsSuccess, Is.True);
        }

        Assert.That(bench.Permit(Peer, TransportAddress.Parse("203.0.113.1", 1), TransportAddress.Parse("203.0.113.2", 1)).IsSuccess, Is.True);
        Assert.That(bench.Permit(TransportAddress.Parse("203.0.113.3", 1)).Code, Is.EqualTo(StunErrorCode.InsufficientCapacity));
        Assert.That(bench.Bind(TurnChannel.First, Peer).IsSuccess, Is.True);
        Assert.That(bench.Bind(TurnChannel.First + 1, Peer.WithPort(1)).IsSuccess, Is.True);
        Assert.That(bench.Bind(TurnChannel.First + 2, Peer.WithPort(2)).Code, Is.EqualTo(StunErrorCode.InsufficientCapacity));
        bench.Advance(TimeSpan.FromMinutes(6));
        Assert.That(bench.Permit(TransportAddress.Parse("203.0.113.3", 1)).IsSuccess, Is.True, "What has run out makes room.");

        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7100) };
        Assert.That(bench.Allocate().Code, Is.EqualTo(StunErrorCode.AllocationQuotaReached));
        (bench.Username, bench.Password) = ("bob", "other");
        Assert.That(bench.Allocate().IsSuccess, Is.True);
        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7101) };
        Assert.That(bench.Allocate().Code, Is.EqualTo(StunErrorCode.InsufficientCapacity));
    }

    [Test]
    public void Ports_that_have_run_out_are_said_to_have()
    {
        using var bench = new TurnRelayBench(ports: 1);
        bench.Allocate();
        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7100) };
        Assert.That(bench.Allocate().Code, Is.EqualTo(StunErrorCode.InsufficientCapacity));
    }

    [Test]
    public void Families_are_served_as_they_are_asked_for()
    {
        using var bench = new TurnRelayBench(hasIPv6: true);
        var both = bench.Allocate((ref StunMessageWriter w) => w.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, TurnAddressFamily.IPv6));
        Assert.That((both.Relayed.IsIPv4, both.Relayed6.IsIPv6), Is.EqualTo((true, true)));
        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7100) };
        var six = bench.Allocate((ref StunMessageWriter w) => w.AddAddressFamily(StunAttributeType.RequestedAddressFamily, TurnAddressFamily.IPv6));
        Assert.That((six.Relayed.IsNone, six.Relayed6.IsIPv6), Is.EqualTo((true, true)));
        Assert.That(bench.Permit(Peer).Code, Is.EqualTo(StunErrorCode.PeerAddressFamilyMismatch));

        using var four = new TurnRelayBench();
        Assert.That(four.Allocate((ref StunMessageWriter w) => w.AddAddressFamily(StunAttributeType.RequestedAddressFamily, TurnAddressFamily.IPv6)).Code, Is.EqualTo(StunErrorCode.AddressFamilyNotSupported));
        var partly = four.Allocate((ref StunMessageWriter w) => w.AddAddressFamily(StunAttributeType.AdditionalAddressFamily, TurnAddressFamily.IPv6));
        Assert.That(partly.Relayed.IsIPv4, Is.True);
        Assert.That(StunMessageView.TryParse(partly.Bytes, out var message) && message.TryGetAddressErrorCode(out var family, out var code)
            && (family, code) == (TurnAddressFamily.IPv6, StunErrorCode.AddressFamilyNotSupported), Is.True);
    }

    [Test]
    public void A_pair_of_ports_is_kept_together_for_half_a_minute()
    {
        using var bench = new TurnRelayBench();
        var even = bench.Allocate((ref StunMessageWriter w) => w.AddEvenPort(reservesNext: true));
        Assert.That(even.Relayed.Port % 2, Is.Zero);
        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7100) };
        Assert.That(bench.Allocate((ref StunMessageWriter w) => w.AddUInt64(StunAttributeType.ReservationToken, even.Token!.Value + 1)).Code, Is.EqualTo(StunErrorCode.InsufficientCapacity));
        var odd = bench.Allocate((ref StunMessageWriter w) => w.AddUInt64(StunAttributeType.ReservationToken, even.Token!.Value));
        Assert.That(odd.Relayed, Is.EqualTo(even.Relayed.WithPort(even.Relayed.Port + 1)));
        bench.Client = bench.Client with { Remote = bench.Client.Remote.WithPort(7101) };
        bench.Allocate((ref StunMessageWriter w) => w.AddEvenPort(reservesNext: true));
        Assert.That(bench.Node.Open, Has.Count.EqualTo(4));
        bench.Advance(TimeSpan.FromSeconds(31));
        Assert.That(bench.Node.Open, Has.Count.EqualTo(3), "Nobody came for it.");
    }

    [Test]
    public void Requests_that_make_no_sense_are_refused_each_with_its_code()
    {
        using var bench = new TurnRelayBench();
        Assert.That(bench.Request(StunMethod.Allocate).Code, Is.EqualTo(StunErrorCode.BadRequest), "no transport");
        Assert.That(bench.Request(StunMethod.Allocate, (ref StunMessageWriter w) => w.AddRequestedTransport(6)).Code, Is.EqualTo(StunErrorCode.UnsupportedTransportProtocol));
        Assert.That(bench.Allocate((ref StunMessageWriter w) => w.AddFlag(StunAttributeType.DontFragment)).Code, Is.EqualTo(StunErrorCode.UnknownAttribute));
        Assert.That(bench.Allocate((ref StunMessageWriter w) => w.AddUInt32((StunAttributeType)0x7123, 1)).Code, Is.EqualTo(StunErrorCode.UnknownAttribute));
        Assert.That(bench.Allocate((ref StunMessageWriter w) =>
        {
            w.AddEvenPort(reservesNext: false);
            w.AddUInt64(StunAttributeType.ReservationToken, 1);
        }).Code, Is.EqualTo(StunErrorCode.BadRequest));
        bench.Allocate();
        Assert.That(bench.Permit().Code, Is.EqualTo(StunErrorCode.BadRequest), "no peer");
        Assert.That(bench.Request((StunMethod)0x00A).Code, Is.EqualTo(StunErrorCode.BadRequest), "no such method");
    }

    [Test]
    public void Permissions_are_installed_all_or_none()
    {
        using var bench = new TurnRelayBench();
        bench.Allocate();
        Assert.That(bench.Permit(Peer, TransportAddress.Parse("127.0.0.1", 1)).Code, Is.EqualTo(StunErrorCode.Forbidden));
        Assert.That(bench.FromClient([1], peer: Peer), Is.Null);
    }

    [Test]
    public void What_is_relayed_beyond_the_limit_is_dropped_until_the_next_second()
    {
        using var bench = new TurnRelayBench(new TurnRelayOptions { Realm = "test.example", MaxBytesPerSecond = 3000 });
        var relayed = bench.Allocate().Relayed;
        bench.Permit(Peer);
        var sent = Enumerable.Range(0, 10).Count(_ => bench.FromClient(new byte[1000], peer: Peer) is not null);
        Assert.That(sent, Is.EqualTo(3));
        Assert.That(bench.FromPeer(new byte[1000], relayed, Peer), Is.Not.Null, "Each way has its own.");
        Assert.That(bench.Relay.Statistics.DatagramsOverLimit, Is.EqualTo(7));
        bench.Now += TimeSpan.FromSeconds(1);
        Assert.That(bench.FromClient(new byte[1000], peer: Peer), Is.Not.Null);
    }

    [Test]
    public void A_flood_of_strangers_gets_a_bounded_number_of_answers()
    {
        using var bench = new TurnRelayBench(new TurnRelayOptions { Realm = "test.example", MaxUnauthenticatedAnswersPerSecond = 10 });
        var answers = Enumerable.Range(0, 100).Count(_ => bench.Send(bench.Write(StunMethod.Allocate)).Bytes.Length > 0);
        Assert.That(answers, Is.EqualTo(10));
        bench.Now += TimeSpan.FromSeconds(1);
        Assert.That(bench.Allocate().IsSuccess, Is.True);
    }

    [Test]
    public void An_allocation_ends_with_its_clients_stream()
    {
        using var bench = new TurnRelayBench();
        bench.Client = bench.Client with { Protocol = TransportProtocol.Tcp };
        bench.Allocate();
        bench.Relay.HandleClientGone(bench.Client);
        Assert.That(bench.Node.Open, Is.Empty);
    }

    [Test]
    public void Every_changed_byte_of_a_request_is_refused_or_ignored()
    {
        using var bench = new TurnRelayBench();
        bench.Allocate();
        var request = bench.Write(StunMethod.CreatePermission, (ref StunMessageWriter w) => w.AddXorAddress(StunAttributeType.XorPeerAddress, Peer));
        for (var i = 0; i < request.Length; i++)
        {
            var changed = (byte[])request.Clone();
            changed[i] ^= 0x20;
            Assert.That(bench.Send(changed).IsSuccess, Is.False, $"byte {i}");
            bench.Send(request[..i]);
        }

        Assert.That(bench.FromClient([1], peer: Peer), Is.Null);
        Assert.That(bench.Send(request).IsSuccess, Is.True);
    }
}
