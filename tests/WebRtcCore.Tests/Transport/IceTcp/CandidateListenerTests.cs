using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;
using WebRtcCore.Transport;
using WebRtcCore.Transport.IceTcp;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Tests.Transport.IceTcp;

/// <summary>The TCP port, its streams, and what strangers can do to them.</summary>
public class CandidateListenerTests
{
    private const string Fragment = "abcdefgh";

    private readonly ConcurrentDictionary<UfragKey, CandidateStreams> _fragments = new();
    private readonly VirtualTimeProvider _time = new();
    private Sink _sink = null!;
    private IceAgent _agent = null!;
    private CandidateStreams _streams = null!;
    private CandidateListener _listener = null!;

    [SetUp]
    public void SetUp()
    {
        _sink = new Sink();
        _agent = new IceAgent(new IceAgentOptions(), new SeededRandomSource(3));
        _streams = new CandidateStreams(_sink, action => { lock (_agent) { action(_agent, VirtualClock.Start); } }, _time, NullLogger.Instance);
        _fragments[UfragKey.Of(Fragment)] = _streams;
        _listener = CandidateListener.TryBind(TransportAddress.From(IPAddress.Loopback, 0), key => _fragments.GetValueOrDefault(key), _time, NullLogger.Instance)!;
    }

    [TearDown]
    public async Task TearDown()
    {
        await _listener.DisposeAsync();
        await _streams.DisposeAsync();
        _agent.Dispose();
    }

    [Test]
    public async Task A_peer_that_begins_with_a_check_for_a_connection_is_handed_over_with_all_it_sent()
    {
        using var peer = await ConnectAsync();
        byte[] first = Framed(Check(Fragment + ":peer"));
        foreach (var b in first)
        {
            await peer.SendAsync(new[] { b });
        }

        await peer.SendAsync(new byte[] { 0, 3, 20, 1, 2 });
        Assert.That((await _sink.NextAsync()).Length, Is.EqualTo(first.Length - 2));
        Assert.That(await _sink.NextAsync(), Is.EqualTo(new byte[] { 20, 1, 2 }));
        Assert.That(_sink.Path, Is.EqualTo(new NetworkPath(_listener.LocalAddress, TransportAddress.From((IPEndPoint)peer.LocalEndPoint!), TransportProtocol.Tcp)));
        Assert.That(_streams.TrySend([1, 2, 3, 4, 5], 2, _sink.Path));
        var answer = new byte[11];
        await ReadAsync(peer, answer);
        Assert.That(answer, Is.EqualTo(new byte[] { 0, 2, 1, 2, 0, 2, 3, 4, 0, 1, 5 }));
        Assert.That(_streams.TrySend([1], 1, _sink.Path with { Remote = default }), Is.False);
    }

    [TestCase("0003140102")]
    [TestCase("0000")]
    [TestCase("FFFF")]
    [TestCase("474554202F")]
    public async Task Security_12_what_does_not_begin_with_a_check_is_closed(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        using var peer = await ConnectAsync();
        await peer.SendAsync(bytes);
        Assert.That(await IsClosedAsync(peer));
        Assert.That(_listener.Refused, Is.EqualTo(1));
        Assert.That(_sink.Count, Is.Zero);
    }

    [Test]
    public async Task Security_12_a_check_for_nobody_is_closed_without_a_word()
    {
        using var peer = await ConnectAsync();
        await peer.SendAsync(Framed(Check("nobodyAB:peer")));
        Assert.That(await IsClosedAsync(peer));
    }

    [Test]
    public async Task Security_12_a_stream_that_does_not_say_whom_it_wants_in_time_is_closed()
    {
        using var silent = await ConnectAsync();
        using var slow = await ConnectAsync();
        await slow.SendAsync(Framed(Check(Fragment + ":peer")).AsMemory(0, 30));
        Assert.That(() => _listener.Pending == 2 && _time.ArmedTimers >= 2, Is.True.After(5000, 10));
        _time.Advance(CandidateListener.FirstPacketTimeout);
        Assert.That(await IsClosedAsync(silent));
        Assert.That(await IsClosedAsync(slow));
        Assert.That(() => _listener.Pending, Is.Zero.After(5000, 10));
    }

    [Test]
    public async Task Security_12_one_address_holds_a_bounded_number_of_streams_that_say_nothing()
    {
        var peers = new List<Socket>();
        for (var i = 0; i <= CandidateListener.MaxPendingOfAddress; i++)
        {
            peers.Add(await ConnectAsync());
        }

        Assert.That(await IsClosedAsync(peers[^1]));
        Assert.That(_listener.Pending, Is.EqualTo(CandidateListener.MaxPendingOfAddress));
        peers[0].Dispose();
        Assert.That(() => _listener.Pending, Is.EqualTo(CandidateListener.MaxPendingOfAddress - 1).After(5000, 10));
        using var late = await ConnectAsync();
        await late.SendAsync(Framed(Check(Fragment + ":peer")));
        await _sink.NextAsync();
        peers.ForEach(peer => peer.Dispose());
    }

    [Test]
    public async Task Security_12_a_connection_takes_a_bounded_number_of_streams_and_those_without_the_password_are_closed()
    {
        var peers = new List<Socket>();
        for (var i = 0; i < CandidateStreams.MaxAccepted; i++)
        {
            peers.Add(await ConnectAsync());
            await peers[i].SendAsync(Framed(Check(Fragment + ":peer")));
            await _sink.NextAsync();
        }

        using (var further = await ConnectAsync())
        {
            await further.SendAsync(Framed(Check(Fragment + ":peer")));
            Assert.That(await IsClosedAsync(further));
        }

        _time.Advance(CandidateStreams.ProofTimeout);
        foreach (var peer in peers)
        {
            Assert.That(await IsClosedAsync(peer));
            peer.Dispose();
        }

        Assert.That(_agent.Tcp.Count, Is.Zero);
    }

    [Test]
    public async Task Security_12_what_the_peer_does_not_read_is_dropped_beyond_a_bound()
    {
        using var peer = await ConnectAsync();
        peer.ReceiveBufferSize = 4096;
        await peer.SendAsync(Framed(Check(Fragment + ":peer")));
        await _sink.NextAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 20_000; i++)
        {
            _streams.TrySend(new byte[1200], 1200, _sink.Path);
        }

        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(4 * CandidateStream.MaxQueuedBytes));
    }

    [Test]
    public async Task An_active_candidate_connects_when_the_agent_asks_and_tells_when_that_is_over()
    {
        var path = new NetworkPath(TransportAddress.From(IPAddress.Loopback, IceTcpStreams.ActivePort), _listener.LocalAddress, TransportProtocol.Tcp);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var remote = path with { Remote = TransportAddress.From((IPEndPoint)other.LocalEndPoint!) };
        _streams.Handle(new IceTcpRequest(remote, IsOpen: true));
        using var accepted = await other.AcceptAsync().Soon();
        await accepted.SendAsync(new byte[] { 0, 1, 5 });
        Assert.That(await _sink.NextAsync(), Is.EqualTo(new byte[] { 5 }));
        Assert.That(_sink.Path, Is.EqualTo(remote));
        _streams.Handle(new IceTcpRequest(remote, IsOpen: false));
        Assert.That(await IsClosedAsync(accepted));
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.LocalAddress.ToIPEndPoint());
        return socket;
    }

    private static async Task ReadAsync(Socket socket, byte[] buffer)
    {
        for (var read = 0; read < buffer.Length;)
        {
            read += await socket.ReceiveAsync(buffer.AsMemory(read)).AsTask().Soon();
        }
    }

    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).Soon() == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static byte[] Check(string username)
    {
        var buffer = new byte[200];
        var writer = new StunMessageWriter(buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.AddText(StunAttributeType.Username, username);
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    private static byte[] Framed(byte[] packet)
    {
        var framed = new byte[packet.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)packet.Length);
        packet.CopyTo(framed, 2);
        return framed;
    }

    private sealed class Sink : IDatagramSink
    {
        private readonly System.Threading.Channels.Channel<byte[]> _received = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();

        public NetworkPath Path { get; private set; }

        public int Count { get; private set; }

        public Task<byte[]> NextAsync() => _received.Reader.ReadAsync().AsTask().Soon();

        public void OnDatagram(Span<byte> datagram, in NetworkPath path)
        {
            Count++;
            Path = path;
            _received.Writer.TryWrite(datagram.ToArray());
        }

        public void OnBatchEnd()
        {
        }
    }
}
