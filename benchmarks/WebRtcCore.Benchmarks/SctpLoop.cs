using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;

namespace WebRtcCore.Benchmarks;

/// <summary>Two data channel sessions in memory with one channel, which hand each other their packets at once.</summary>
internal sealed class SctpLoop
{
    private readonly byte[] _datagram = new byte[2048];
    private readonly DataChannelSession _sender;
    private readonly DataChannelSession _receiver;
    private readonly DataChannelId _channel;
    private Instant _now;
    private bool _isOpen;
    private int _receivedLength;

    /// <summary>Connects the two and opens the channel.</summary>
    public SctpLoop(bool isInterleaving)
    {
        var options = new DataChannelSessionOptions { RemoteMaxMessageSize = 262_144, Sctp = new SctpOptions { MessageInterleaving = isInterleaving } };
        _sender = new DataChannelSession(options, SystemRandomSource.Instance);
        _receiver = new DataChannelSession(options, SystemRandomSource.Instance);
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

    /// <summary>Carries a message over, acknowledgements included, and returns its length as it arrived.</summary>
    public int Transfer(byte[] message)
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
