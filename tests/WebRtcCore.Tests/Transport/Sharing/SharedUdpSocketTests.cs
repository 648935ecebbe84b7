using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;
using WebRtcCore.Transport;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Tests.Transport.Sharing;

public class SharedUdpSocketTests
{
    private const string FirstFragment = "firstAAA";
    private const string SecondFragment = "secondBB";

    private readonly SeededRandomSource _random = new(7);
    private SharedUdpSocket _shared = null!;
    private SharedPortSocket _first = null!;
    private SharedPortSocket _second = null!;
    private Recorder _firstSink = null!;
    private Recorder _secondSink = null!;
    private UdpEndpoint _peer = null!;

    [SetUp]
    public void SetUp()
    {
        _shared = SharedUdpSocket.TryBind(TransportAddress.From(IPAddress.Loopback, 0), 1, TimeProvider.System, NullLogger.Instance)!;
        (_first, _firstSink) = Attach(FirstFragment);
        (_second, _secondSink) = Attach(SecondFragment);
        _peer = Bind();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _peer.DisposeAsync();
        await _shared.DisposeAsync();
    }

    [Test]
    public void A_check_goes_to_the_connection_whose_fragment_it_names()
    {
        Deliver(Check(SecondFragment + ":peer"));
        Assert.That((_firstSink.Count, _secondSink.Count), Is.EqualTo((0, 1)));
        Assert.That(_secondSink.Last, Is.EqualTo(new NetworkPath(_shared.LocalAddress, _peer.LocalAddress)));
    }

    [TestCase("unknown0:peer")]
    [TestCase("firstAAA")]
    [TestCase("first:AAA")]
    [TestCase("")]
    public void A_check_for_nobody_is_dropped_and_counted(string username)
    {
        Deliver(Check(username));
        Assert.That((_firstSink.Count, _secondSink.Count, _shared.StrangersDropped), Is.EqualTo((0, 0, 1)));
    }

    [Test]
    public void Nothing_but_checks_is_taken_from_an_address_that_no_connection_has_claimed()
    {
        Deliver(Check(FirstFragment + ":peer"));
        Deliver([22, 254, 253, 0]);
        Deliver([128, 96, 0, 0]);
        Deliver([0, 1, 0, 0]);
        Deliver([]);
        Deliver(Message(StunClass.Indication, NextId()));
        Deliver(Message(StunClass.SuccessResponse, NextId()));
        Assert.That((_firstSink.Count, _secondSink.Count, _shared.StrangersDropped), Is.EqualTo((1, 0, 6)));
    }

    [Test]
    public void What_comes_from_a_claimed_address_goes_to_its_owner()
    {
        _second.Claim(_peer.LocalAddress, isProved: false);
        Deliver([22, 254, 253, 0]);
        Deliver(Message(StunClass.Indication, NextId()));
        Assert.That((_firstSink.Count, _secondSink.Count), Is.EqualTo((0, 2)));
    }

    [Test]
    public void A_check_for_another_connection_from_a_claimed_address_still_finds_it()
    {
        _first.Claim(_peer.LocalAddress, isProved: true);
        Deliver(Check(SecondFragment + ":peer"));
        Assert.That((_firstSink.Count, _secondSink.Count), Is.EqualTo((0, 1)));
        _second.Claim(_peer.LocalAddress, isProved: true);
        Deliver([22, 254, 253, 0]);
        Assert.That((_firstSink.Count, _secondSink.Count), Is.EqualTo((0, 2)));
    }

    [Test]
    public void An_answer_goes_to_the_connection_that_asked_even_where_both_ask_one_server()
    {
        var (firstId, secondId) = (NextId(), NextId());
        _first.Send(Message(StunClass.Request, firstId), _peer.LocalAddress);
        _second.Send(Message(StunClass.Request, secondId), _peer.LocalAddress);
        Deliver(Message(StunClass.SuccessResponse, secondId));
        Deliver(Message(StunClass.ErrorResponse, firstId));
        Deliver(Message(StunClass.SuccessResponse, secondId));
        Assert.That((_firstSink.Count, _secondSink.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public void The_oldest_question_is_forgotten_first()
    {
        var ids = Enumerable.Range(0, SharedPortSocket.MaxTransactions + 1).Select(_ => NextId()).ToArray();
        foreach (var id in ids)
        {
            _first.Send(Message(StunClass.Request, id), _peer.LocalAddress);
        }

        Assert.That(_shared.Transactions, Has.Count.EqualTo(SharedPortSocket.MaxTransactions));
        Deliver(Message(StunClass.SuccessResponse, ids[0]));
        Deliver(Message(StunClass.SuccessResponse, ids[1]));
        Assert.That(_firstSink.Count, Is.EqualTo(1));
    }

    [Test]
    public void Questions_to_an_address_of_its_own_need_no_entry()
    {
        _first.Claim(_peer.LocalAddress, isProved: true);
        _first.Send(Message(StunClass.Request, NextId()), _peer.LocalAddress);
        Assert.That(_shared.Transactions, Is.Empty);
    }

    [Test]
    public void One_connection_holds_a_bounded_number_of_addresses_and_fragments()
    {
        for (var port = 1; port <= SharedPortSocket.MaxAddresses + 5; port++)
        {
            _first.Claim(_peer.LocalAddress.WithPort(port), isProved: true);
            _first.AddFragment($"{port:D8}");
        }

        Assert.That(_shared.Addresses.Count, Is.EqualTo(SharedPortSocket.MaxAddresses));
        Assert.That(_shared.Fragments, Has.Count.EqualTo(SharedPortSocket.MaxFragments + 1));
    }

    [Test]
    public async Task A_connection_that_closes_leaves_nothing_and_late_packets_are_for_nobody()
    {
        var id = NextId();
        _first.Send(Message(StunClass.Request, id), _peer.LocalAddress);
        _first.Claim(_peer.LocalAddress, isProved: true);
        await _first.DisposeAsync();
        await _first.DisposeAsync();
        _first.AddFragment("lateAAAA");
        _first.Claim(_peer.LocalAddress.WithPort(1), isProved: true);
        Deliver(Check(FirstFragment + ":peer"));
        Deliver(Message(StunClass.SuccessResponse, id));
        Deliver([22, 254, 253, 0]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((_firstSink.Count, _secondSink.Count, _shared.StrangersDropped), Is.EqualTo((0, 0, 3)));
            Assert.That((_shared.Fragments.Count, _shared.Transactions.Count, _shared.Addresses.Count, _shared.Attached), Is.EqualTo((1, 0, 0, 1)));
        }
    }

    [Test]
    public void A_fragment_belongs_to_the_connection_that_named_it_first()
    {
        _second.AddFragment(FirstFragment);
        Deliver(Check(FirstFragment + ":peer"));
        Assert.That((_firstSink.Count, _secondSink.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Strangers_get_no_answer()
    {
        var heard = new CollectingSink(1);
        _peer.Start(heard);
        _peer.Send(Check("unknown0:peer"), _shared.LocalAddress);
        _peer.Send([22, 254, 253, 0], _shared.LocalAddress);
        _peer.Send(Check(FirstFragment + ":peer"), _shared.LocalAddress);
        await _firstSink.Heard.Soon();
        Assert.That((_shared.StrangersDropped, _shared.DatagramsSent), Is.EqualTo((2, 0)));
        Assert.That(heard.Received, Is.Empty);
    }

    [Test]
    [Platform("Linux")]
    public async Task Several_sockets_have_one_port_and_one_set_of_connections()
    {
        await using var shared = SharedUdpSocket.TryBind(TransportAddress.From(IPAddress.Loopback, 0), 4, TimeProvider.System, NullLogger.Instance)!;
        var socket = shared.Attach();
        socket.AddFragment(FirstFragment);
        const int Peers = 32;
        var heard = new CountdownEvent(Peers);
        socket.Start(new Counter(heard));
        for (var i = 0; i < Peers; i++)
        {
            await using var peer = Bind();
            peer.Send(Check(FirstFragment + ":peer"), shared.LocalAddress);
        }

        Assert.That(heard.Wait(Signals.Limit));
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.That(() => stranger.Bind(shared.LocalAddress.ToIPEndPoint()), Throws.InstanceOf<SocketException>());
    }

    private static UdpEndpoint Bind() =>
        UdpEndpoint.TryBind(TransportAddress.From(IPAddress.Loopback, 0), UdpEndpointOptions.Default, TimeProvider.System, NullLogger.Instance)!;

    private static byte[] Message(StunClass messageClass, StunTransactionId id)
    {
        var buffer = new byte[100];
        var writer = new StunMessageWriter(buffer, messageClass, StunMethod.Binding, id);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    private byte[] Check(string username)
    {
        var buffer = new byte[200];
        var writer = new StunMessageWriter(buffer, StunClass.Request, StunMethod.Binding, NextId());
        writer.AddUInt32(StunAttributeType.Priority, 1);
        writer.AddText(StunAttributeType.Username, username);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    private StunTransactionId NextId() => StunTransactionId.Create(_random);

    private void Deliver(byte[] datagram) => _shared.OnDatagram(datagram, new NetworkPath(_shared.LocalAddress, _peer.LocalAddress));

    private (SharedPortSocket Socket, Recorder Sink) Attach(string fragment)
    {
        var socket = _shared.Attach();
        var sink = new Recorder();
        socket.AddFragment(fragment);
        socket.Start(sink);
        return (socket, sink);
    }

    private sealed class Recorder : IDatagramSink
    {
        private readonly TaskCompletionSource _heard = Signals.New();

        public int Count { get; private set; }

        public NetworkPath Last { get; private set; }

        public Task Heard => _heard.Task;

        public void OnDatagram(Span<byte> datagram, in NetworkPath path)
        {
            Count++;
            Last = path;
            _heard.TrySetResult();
        }

        public void OnBatchEnd()
        {
        }
    }

    private sealed class Counter(CountdownEvent heard) : IDatagramSink
    {
        public void OnDatagram(Span<byte> datagram, in NetworkPath path) => heard.Signal();

        public void OnBatchEnd()
        {
        }
    }
}
