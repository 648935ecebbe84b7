using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

[TestFixture(true)]
[TestFixture(false)]
public class UdpEndpointTests(bool useSegmentation)
{
    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task Datagrams_arrive_in_order_with_both_addresses(string address)
    {
        RequireFamily(address);
        await using var a = Bind(address);
        await using var b = Bind(address);
        var sink = new CollectingSink(100);
        b.Start(sink);
        for (byte i = 0; i < 100; i++)
        {
            Assert.That(a.Send([i, 1, 2], b.LocalAddress));
        }

        await sink.Complete.Soon();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sink.Received.Select(r => r.Bytes[0]), Is.EqualTo(Enumerable.Range(0, 100)));
            Assert.That(sink.Received.Select(r => r.Path), Is.All.EqualTo(new NetworkPath(b.LocalAddress, a.LocalAddress)));
            Assert.That(a.DatagramsSent, Is.EqualTo(100));
        }
    }

    [Test]
    public async Task An_endpoint_answers_from_within_its_receive_loop()
    {
        await using var a = Bind();
        await using var b = Bind();
        var done = new CollectingSink(1);
        a.Start(done);
        b.Start(new EchoSink(b));
        a.Send([5], b.LocalAddress);
        await done.Complete.Soon();
        Assert.That(done.Received[0].Bytes, Is.EqualTo(new byte[] { 5 }));
    }

    [Test]
    public async Task A_closed_port_of_the_peer_stops_nothing()
    {
        await using var a = Bind();
        var sink = new CollectingSink(1);
        a.Start(sink);
        var gone = Bind();
        var goneAddress = gone.LocalAddress;
        await gone.DisposeAsync();
        for (var i = 0; i < 20; i++)
        {
            a.Send([1], goneAddress);
        }

        await using var b = Bind();
        b.Send([9], a.LocalAddress);
        await sink.Complete.Soon();
        Assert.That(sink.Received[0].Bytes, Is.EqualTo(new byte[] { 9 }));
    }

    [Test]
    public async Task Oversize_datagrams_are_dropped_and_empty_ones_pass()
    {
        await using var a = Bind();
        await using var b = Bind(options: UdpEndpointOptions.Default with { MaxDatagramSize = 1000 });
        var sink = new CollectingSink(3);
        b.Start(sink);
        a.Send(new byte[1000], b.LocalAddress);
        a.Send(new byte[1001], b.LocalAddress);
        a.Send(new byte[60_000], b.LocalAddress);
        a.Send([], b.LocalAddress);
        a.Send([1], b.LocalAddress);
        await sink.Complete.Soon();
        Assert.That(sink.Received.Select(r => r.Bytes.Length), Is.EqualTo(new[] { 1000, 0, 1 }));
    }

    [Test]
    public async Task A_batch_ends_when_nothing_more_is_at_hand_or_it_is_long_enough()
    {
        await using var a = Bind();
        await using var b = Bind(options: UdpEndpointOptions.Default with { MaxBatch = 10 });
        for (var i = 0; i < 95; i++)
        {
            a.Send([1], b.LocalAddress);
        }

        var sink = new CollectingSink(95);
        b.Start(sink);
        await sink.Complete.Soon();
        Assert.That(sink.Batches, Is.GreaterThanOrEqualTo(10));
    }

    [Test]
    public async Task A_batch_is_sent_as_single_datagrams_with_a_shorter_last_one()
    {
        await using var a = Bind();
        await using var b = Bind();
        var sink = new CollectingSink(3);
        b.Start(sink);
        var bytes = Enumerable.Range(0, 250).Select(i => (byte)i).ToArray();
        Assert.That(a.SendBatch(bytes, 100, b.LocalAddress), Is.EqualTo(3));
        await sink.Complete.Soon();
        Assert.That(sink.Received.Select(r => r.Bytes), Is.EqualTo(bytes.Chunk(100)));
    }

    [Test]
    public async Task A_long_batch_arrives_whole_and_in_order()
    {
        await using var a = Bind();
        await using var b = Bind();

        // More than one call of the system takes, and no more than any socket holds until its reader runs.
        var bytes = new byte[(1200 * 99) + 77];
        new SeededRandomSource(1).Fill(bytes);
        var sink = new CollectingSink(100);
        b.Start(sink);
        Assert.That(a.SendBatch(bytes, 1200, b.LocalAddress), Is.EqualTo(100));
        await sink.Complete.Soon();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sink.Received.SelectMany(r => r.Bytes), Is.EqualTo(bytes));
            Assert.That(sink.Received.Select(r => r.Path.Remote), Is.All.EqualTo(a.LocalAddress));
            Assert.That(a.DatagramsSent, Is.EqualTo(100));
            Assert.That(b.DatagramsReceived, Is.EqualTo(100));
        }
    }

    [Test]
    public async Task A_batch_with_segments_larger_than_the_route_takes_goes_out_one_by_one()
    {
        await using var a = Bind();
        await using var b = Bind(options: UdpEndpointOptions.Default with { MaxDatagramSize = 65_507 });
        var sink = new CollectingSink(2);
        b.Start(sink);
        Assert.That(a.SendBatch(new byte[100_000], 50_000, b.LocalAddress), Is.EqualTo(2));
        await sink.Complete.Soon();
        Assert.That(sink.Received.Select(r => r.Bytes.Length), Is.All.EqualTo(50_000));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task A_probe_larger_than_the_link_is_told_apart_and_does_no_harm(string address)
    {
        RequireFamily(address);
        await using var a = Bind(address);
        await using var b = Bind(address, options: UdpEndpointOptions.Default with { MaxDatagramSize = 65_507 });
        var sink = new CollectingSink(6);
        b.Start(sink);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(a.SendAlone(new byte[65_535], TransmitKind.Probe, b.LocalAddress), Is.EqualTo(SendOutcome.TooLarge));
            Assert.That(a.SendAlone(new byte[9000], TransmitKind.Probe, b.LocalAddress), Is.EqualTo(SendOutcome.Sent));
            Assert.That(a.SendAlone(new byte[9001], TransmitKind.MayFragment, b.LocalAddress), Is.EqualTo(SendOutcome.Sent));
            Assert.That(a.SendAlone([1], TransmitKind.Normal, b.LocalAddress), Is.EqualTo(SendOutcome.Sent));
            Assert.That(a.SendBatch(new byte[3 * 1200], 1200, b.LocalAddress), Is.EqualTo(3), "batches leave as before");
            Assert.That(a.TakeTooLarge(), Is.False);
        }

        await sink.Complete.Soon();
        Assert.That(sink.Received.Select(r => r.Bytes.Length), Is.EqualTo(new[] { 9000, 9001, 1, 1200, 1200, 1200 }));
    }

    [Test]
    public async Task Senders_of_one_batch_are_told_apart()
    {
        await using var a1 = Bind();
        await using var a2 = Bind();
        await using var b = Bind();
        for (byte i = 0; i < 50; i++)
        {
            a1.SendBatch([i, 1, i, 1, i, 1], 2, b.LocalAddress);
            a2.SendBatch([i, 2, i, 2], 2, b.LocalAddress);
        }

        var sink = new CollectingSink(250);
        b.Start(sink);
        await sink.Complete.Soon();
        Assert.That(sink.Received.All(r => r.Path.Remote == (r.Bytes[1] == 1 ? a1.LocalAddress : a2.LocalAddress)));
    }

    [Test]
    public async Task What_cannot_be_sent_is_refused_without_an_exception()
    {
        await using var a = Bind();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(a.Send([1], default), Is.False);
            Assert.That(a.Send([1], TransportAddress.Parse("::1", 9)), Is.False, "another family");
            Assert.That(a.Send(new byte[65_536], a.LocalAddress), Is.False, "too large");
            Assert.That(a.Send([1], TransportAddress.Parse("255.255.255.255", 9)), Is.False, "broadcast is not permitted");
        }
    }

    [Test]
    public async Task Disposing_ends_the_receive_loop_and_sending()
    {
        var a = Bind();
        var sink = new CollectingSink(1);
        a.Start(sink);
        var address = a.LocalAddress;
        await a.DisposeAsync().AsTask().Soon();
        await a.DisposeAsync().AsTask().Soon();
        Assert.That(a.Send([1], address), Is.False);
        Assert.That(Bind(port: address.Port), Is.Not.Null, "the port is free again");
    }

    [Test]
    public async Task Disposing_while_the_sink_holds_its_turn_ends_the_turn()
    {
        await using var a = Bind();
        var b = Bind();
        var disposal = Task.CompletedTask;
        var sink = new CollectingSink(1) { OnReceived = _ => disposal = b.DisposeAsync().AsTask() };
        b.Start(sink);
        a.Send([1], b.LocalAddress);
        await sink.Complete.Soon();
        await disposal.Soon();
        Assert.That(sink.Batches, Is.Positive);
    }

    [Test]
    public async Task An_address_that_is_not_of_this_machine_or_in_use_is_not_bound()
    {
        Assert.That(UdpEndpoint.TryBind(TransportAddress.Parse("203.0.113.1", 0), UdpEndpointOptions.Default, TimeProvider.System, NullLogger.Instance), Is.Null);
        await using var a = Bind();
        Assert.That(UdpEndpoint.TryBind(a.LocalAddress, UdpEndpointOptions.Default, TimeProvider.System, NullLogger.Instance), Is.Null);
    }

    [Test]
    public async Task Sending_allocates_nothing()
    {
        await using var a = Bind();
        await using var b = Bind();
        var datagram = new byte[1200];
        var to = b.LocalAddress;
        Assert.That(Allocations.Measure(() => a.Send(datagram, to), 500), Is.Zero);
    }

    [Test]
    public void Socket_addresses_survive_the_round_trip_and_known_ones_are_reused()
    {
        var map = new SocketAddressMap(64);
        foreach (var address in new[] { TransportAddress.Parse("192.0.2.1", 65_535), TransportAddress.Parse("2001:db8::7", 1), TransportAddress.Parse("fe80::1%3", 443) })
        {
            var socketAddress = map.Get(address);
            Assert.That(SocketAddressMap.Read(socketAddress), Is.EqualTo(address));
            Assert.That(map.Get(address), Is.SameAs(socketAddress));
            Assert.That(socketAddress, Is.EqualTo(address.ToIPEndPoint().Serialize()));
        }

        Assert.That(SocketAddressMap.Read(new SocketAddress(AddressFamily.Unix)).IsNone);
    }

    private UdpEndpoint Bind(string address = "127.0.0.1", int port = 0, UdpEndpointOptions? options = null) =>
        UdpEndpoint.TryBind(
            TransportAddress.Parse(address, port),
            (options ?? UdpEndpointOptions.Default) with { UseSegmentation = useSegmentation },
            TimeProvider.System,
            NullLogger.Instance)!;

    private static void RequireFamily(string address)
    {
        if (IPAddress.Parse(address).AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            Assert.Ignore("This machine has no IPv6.");
        }
    }

    private sealed class EchoSink(UdpEndpoint endpoint) : IDatagramSink
    {
        public void OnDatagram(Span<byte> datagram, in NetworkPath path) => endpoint.Send(datagram, path.Remote);

        public void OnBatchEnd()
        {
        }
    }
}
