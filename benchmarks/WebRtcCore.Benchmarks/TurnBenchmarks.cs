using BenchmarkDotNet.Attributes;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Benchmarks;

/// <summary>A datagram of 1200 bytes to and from a peer by way of a TURN server: wrapped and unwrapped, on a channel and in indications.</summary>
[MemoryDiagnoser]
public class TurnBenchmarks
{
    private const int Length = 1200;
    private static readonly TransportAddress Peer = TransportAddress.Parse("192.0.2.9", 6000);
    private static readonly TransportAddress ChannelPeer = TransportAddress.Parse("192.0.2.9", 6001);
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);

    private readonly byte[] _buffer = new byte[Length + 100];
    private readonly TurnClient _client = Create();
    private byte[] _indication = [];
    private byte[] _channelData = [];

    [GlobalSetup]
    public void Setup()
    {
        // A server that asks for no credentials grants everything.
        _client.Allocate(Instant.Zero);
        AnswerAll();
        _client.AddPeer(Peer, Instant.Zero);
        _client.BindChannel(ChannelPeer, Instant.Zero);
        AnswerAll();
        _channelData = _buffer.AsSpan(0, Turn_WrapChannelData_1200B()).ToArray();
        _indication = _buffer.AsSpan(0, TurnIndication.Complete(_buffer, StunMethod.Data, new StunTransactionId(1, 2), Peer, Length)).ToArray();
    }

    [Benchmark]
    public int Turn_WrapChannelData_1200B() => _client.Wrap(_buffer, ChannelPeer, Length);

    [Benchmark]
    public int Turn_WrapIndication_1200B() => _client.Wrap(_buffer, Peer, Length);

    [Benchmark]
    public bool Turn_UnwrapChannelData_1200B() => _client.HandleDatagram(_channelData, Instant.Zero, out _) == TurnInput.Data;

    [Benchmark]
    public bool Turn_UnwrapIndication_1200B() => _client.HandleDatagram(_indication, Instant.Zero, out _) == TurnInput.Data;

    private static TurnClient Create() =>
        new(new NetworkPath(TransportAddress.Parse("192.0.2.1", 5000), Server), new TurnClientOptions(), SystemRandomSource.Instance);

    private void AnswerAll()
    {
        while (_client.TryPollTransmit(_buffer, out var transmit) && StunMessageView.TryParse(_buffer.AsSpan(0, transmit.Length), out var request))
        {
            var writer = new StunMessageWriter(new byte[100], StunClass.SuccessResponse, request.Method, request.TransactionId);
            writer.AddXorAddress(StunAttributeType.XorRelayedAddress, Server.WithPort(50_000));
            _client.HandleDatagram(writer.Written, Instant.Zero, out _);
        }
    }
}
