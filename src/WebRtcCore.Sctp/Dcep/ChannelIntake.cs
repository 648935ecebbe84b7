using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

/// <summary>What comes in on the streams of an association: OPEN and ACK (RFC 8832, 8.2), messages of channels (RFC 8831, 6.6), and what is neither and refused.</summary>
internal sealed class ChannelIntake
{
    private readonly SctpAssociation _association;
    private readonly ChannelTable _channels;
    private readonly ChannelLifecycle _lifecycle;
    private readonly EarlyMessages _early;
    private readonly OpenRate _openRate = new();
    private readonly Queue<DataChannelEvent> _events;
    private readonly ILogger _logger;

    /// <summary>Creates the collaborator of a session.</summary>
    public ChannelIntake(
        SctpAssociation association, ChannelTable channels, ChannelLifecycle lifecycle, EarlyMessages early, Queue<DataChannelEvent> events, ILogger logger)
    {
        _association = association;
        _channels = channels;
        _lifecycle = lifecycle;
        _early = early;
        _events = events;
        _logger = logger;
    }

    /// <summary>Takes a message, given.</summary>
    public void OnMessage(ushort streamId, uint ppid, PooledBuffer message, Instant now)
    {
        if (ppid == PayloadProtocol.Control)
        {
            OnControl(streamId, message.Span, now);
            Release(message.Length, now);
            message.Dispose();
            return;
        }

        if (_channels.Find(streamId) is { } channel)
        {
            Deliver(channel, ppid, message, now);
        }
        else if (!_channels.IsPeersChoice(streamId) || !_early.TryAdd(streamId, ppid, message))
        {
            Refuse(streamId, message, "no such channel", now);
        }
    }

    /// <summary>Delivers what came before the channel was open.</summary>
    public void DeliverEarly(Channel channel, Instant now)
    {
        while (_early.TryTake(channel.StreamId!.Value, out var ppid, out var message))
        {
            Deliver(channel, ppid, message, now);
        }
    }

    /// <summary>The peer has reset its direction of a stream.</summary>
    public void OnIncomingReset(ushort streamId, Instant now)
    {
        while (_early.TryTake(streamId, out _, out var message))
        {
            Refuse(streamId, message, "the stream was reset", now);
        }

        if (_channels.Find(streamId) is { } channel)
        {
            _lifecycle.OnIncomingReset(channel, now);
        }
    }

    private void Deliver(Channel channel, uint ppid, PooledBuffer message, Instant now)
    {
        if (channel.State != DataChannelState.Open)
        {
            // W3C: what arrives while closing is discarded.
            Refuse(channel.StreamId!.Value, message, "the channel is not open", now);
            return;
        }

        if (!PayloadProtocol.TryGetKind(ppid, out var kind, out var isEmpty))
        {
            // RFC 8831 6.6: an unsupported identifier closes the channel.
            Refuse(channel.StreamId!.Value, message, "unsupported payload protocol", now);
            _lifecycle.BeginClosing(channel, new SctpError(SctpErrorKind.InvalidData, Reason: $"Unsupported payload protocol {ppid}"), now);
            return;
        }

        if (isEmpty)
        {
            message.Truncate(0);
        }

        // RFC 8832 6: who sends on the channel has seen the OPEN, as much as who acknowledges it.
        channel.IsAwaitingAck = false;
        channel.MessagesReceived++;
        channel.BytesReceived += message.Length;
        _events.Enqueue(DataChannelEvent.MessageReceived(channel.Handle, kind, message));
    }

    private void Refuse(ushort streamId, PooledBuffer message, string reason, Instant now)
    {
        Log.MessageRefused(_logger, streamId, reason);
        Release(message.Length, now);
        message.Dispose();
    }

    // Every message on the wire has at least one byte.
    private void Release(int messageLength, Instant now) => _association.ReleaseReceiveCredit(Math.Max(messageLength, 1), now);

    private void OnControl(ushort streamId, ReadOnlySpan<byte> message, Instant now)
    {
        if (AckMessage.Is(message))
        {
            if (_channels.Find(streamId) is { } acknowledged)
            {
                acknowledged.IsAwaitingAck = false;
            }

            return;
        }

        if (_channels.Find(streamId) is { } existing)
        {
            if (existing is not { State: DataChannelState.Closing, IsIncomingReset: true })
            {
                // RFC 8832 6: the stream is in use.
                _lifecycle.BeginClosing(existing, new SctpError(SctpErrorKind.InvalidData, Reason: "OPEN on a stream in use"), now);
                return;
            }

            // The peer uses the id again, so it has reset both directions; only its confirmation is still on its way.
            _lifecycle.FinishReused(existing);
        }

        OnOpen(streamId, message, now);
    }

    private void OnOpen(ushort streamId, ReadOnlySpan<byte> message, Instant now)
    {
        var isAcceptable = _channels.IsPeersChoice(streamId) && !_channels.IsFull && streamId < _association.OutgoingStreams;
        if (!OpenMessage.TryParse(message, streamId, out var parameters) || !isAcceptable || !_openRate.TryTake(now))
        {
            // RFC 8832 6: refused by closing, which is resetting the stream.
            Log.MessageRefused(_logger, streamId, "OPEN malformed, on a stream of the wrong parity, one too many or too soon");
            _association.ResetStream(streamId, now);
            return;
        }

        var channel = _channels.Add(parameters!);
        _channels.TryAssign(channel, streamId);
        _association.SetBufferedAmountLowThreshold(streamId, 0);
        _association.SetStreamPriority(streamId, parameters!.Priority);
        _association.Send(streamId, new SctpSendParameters(PayloadProtocol.Control, IsControl: true), [AckMessage.Type], now);
        _lifecycle.SetState(channel, DataChannelState.Open);
        _events.Enqueue(DataChannelEvent.ChannelIncoming(channel.Handle, parameters!));
        DeliverEarly(channel, now);
    }
}
