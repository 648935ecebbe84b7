using BenchmarkDotNet.Attributes;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Benchmarks;

/// <summary>Messages through two data channel sessions in memory, acknowledgements included, and the checksum of a packet.</summary>
[MemoryDiagnoser]
public class SctpBenchmarks
{
    private readonly byte[] _packet = new byte[1200];
    private readonly byte[] _datagram = new byte[2048];
    private readonly byte[] _large = new byte[65_536];
    private readonly byte[] _small = new byte[100];
    private readonly DataChannelSession _sender = new(new DataChannelSessionOptions { RemoteMaxMessageSize = 262_144 }, SystemRandomSource.Instance);
    private readonly DataChannelSession _receiver = new(new DataChannelSessionOptions(), SystemRandomSource.Instance);
    private DataChannelId _channel;
    private Instant _now;
    private bool _isOpen;
    private int _receivedLength;

    [GlobalSetup]
    public void Setup()
    {
        _sender.Start(isDtlsClient: true, _now);
        _receiver.Start(isDtlsClient: false, _now);
        _channel = _sender.OpenChannel(new DataChannelParameters { Label = "benchmark" }, _now);
        for (var step = 0; !_isOpen; step++)
        {
            if (step == 100)
            {
                throw new InvalidOperationException($"Sender {_sender.State}, receiver {_receiver.State}.");
            }

            Pump();
        }
    }

    [Benchmark]
    public uint Sctp_Crc32c_1200B() => Crc32c.ComputePacket(_packet);

    [Benchmark]
    public int Sctp_Transfer_64KiB() => Transfer(_large);

    [Benchmark]
    public int Sctp_Transfer_100B() => Transfer(_small);

    private int Transfer(byte[] message)
    {
        _receivedLength = -1;
        if (_sender.Send(_channel, DataChannelMessageKind.Binary, message, _now) is not DataChannelSendResult.Queued and var result)
        {
            throw new InvalidOperationException(result.ToString());
        }

        while (_receivedLength < 0)
        {
            Pump();
        }

        return _receivedLength;
    }

    // Carries what there is to carry; then lets the time pass to the next timeout.
    private void Pump()
    {
        if (Carry(_sender, _receiver) | Carry(_receiver, _sender))
        {
            return;
        }

        if (Instant.Earliest(_sender.NextTimeout, _receiver.NextTimeout) is { } next)
        {
            _now = Instant.Max(_now, next);
            _sender.HandleTimeout(_now);
            _receiver.HandleTimeout(_now);
        }
    }

    private bool Carry(DataChannelSession from, DataChannelSession to)
    {
        var carried = false;
        while (from.TryPollTransmit(_datagram, out var transmit))
        {
            to.HandleDatagram(_datagram.AsSpan(0, transmit.Length), _now);
            Drain(to);
            carried = true;
        }

        Drain(from);
        return carried;
    }

    private void Drain(DataChannelSession session)
    {
        while (session.TryPollEvent(out var e))
        {
            if (e.Kind == DataChannelEventKind.MessageReceived)
            {
                _receivedLength = e.Message!.Length;
                e.Message.Dispose();
            }
            else if (e.Kind == DataChannelEventKind.ChannelOpened)
            {
                _isOpen = true;
            }
        }
    }
}
