using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

// A channel's life:
//
//   OpenChannel -> Connecting --established, OPEN queued--> Open --CloseChannel, or reset by the peer--> Closing --reset both ways--> Closed
//   OPEN of the peer ------------------------------------> Open

/// <summary>
/// Data channels over one SCTP association (RFC 8831, 8832), a sans-IO core. Single-threaded; after each handle or command the owner
/// polls <see cref="TryPollTransmit"/> and <see cref="TryPollEvent"/> until both answer <see langword="false"/>, then arms a timer at <see cref="NextTimeout"/>.
/// </summary>
public sealed class DataChannelSession
{
    private readonly SctpAssociation _association;
    private readonly DataChannelSessionOptions _options;
    private readonly ChannelTable _channels;
    private readonly EarlyMessages _early;
    private readonly ChannelLifecycle _lifecycle;
    private readonly ChannelIntake _intake;
    private readonly Queue<DataChannelEvent> _events = new();
    private readonly ILogger _logger;
    private long _remoteMaxMessageSize;
    private bool _isStarted;
    private Instant _now;

    /// <summary>Creates a session; nothing is sent before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public DataChannelSession(DataChannelSessionOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _association = new SctpAssociation(options.Sctp, random, logger);
        _channels = new ChannelTable(options.MaxChannels);
        _early = new EarlyMessages(options.MaxEarlyMessageBytes);
        _lifecycle = new ChannelLifecycle(_association, _channels, _events, _logger);
        _intake = new ChannelIntake(_association, _channels, _lifecycle, _early, _events, _logger);
        SetRemoteMaxMessageSize(options.RemoteMaxMessageSize);
    }

    /// <summary>The association's state.</summary>
    public SctpAssociationState State => _association.State;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout => _association.NextTimeout;

    /// <summary>The largest message that may be sent: the peer's limit, or <see cref="int.MaxValue"/> if it has none.</summary>
    public long MaxSendMessageSize => _remoteMaxMessageSize == 0 ? int.MaxValue : Math.Min(_remoteMaxMessageSize, int.MaxValue);

    /// <summary>How many channels can be used at once: the smaller number of streams of both directions. 0 until the peer is known.</summary>
    public int MaxChannels => Math.Min(_association.OutgoingStreams, _association.IncomingStreams);

    /// <summary>Begins to associate: DTLS is up. A second call does nothing.</summary>
    /// <param name="isDtlsClient">Whether this side is the DTLS client: it takes even stream ids, the server odd ones (RFC 8832, 6).</param>
    /// <param name="now">The present.</param>
    public void Start(bool isDtlsClient, Instant now)
    {
        _now = now;
        if (_isStarted || State == SctpAssociationState.Closed)
        {
            return;
        }

        _isStarted = true;
        _channels.SetRole(isDtlsClient);
        foreach (var channel in _channels.All.OrderBy(channel => channel.Handle.Value))
        {
            AssignId(channel);
        }

        _association.Associate(now);
        Pump();
    }

    /// <summary>Tells the peer's <c>a=max-message-size</c>; 0 is any size.</summary>
    public void SetRemoteMaxMessageSize(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _remoteMaxMessageSize = bytes;
    }

    /// <inheritdoc cref="SctpAssociation.OnPathChanged"/>
    public void OnPathChanged() => _association.OnPathChanged();

    /// <inheritdoc cref="SctpAssociation.SetPath"/>
    public void SetPath(int overhead, int largestMtu) => _association.SetPath(overhead, largestMtu);

    /// <inheritdoc cref="SctpAssociation.OnPacketTooLarge"/>
    public void OnPacketTooLarge(TransmitKind kind, Instant now) => _association.OnPacketTooLarge(kind, now);

    /// <summary>Tells a round-trip time measured elsewhere (ICE, DTLS), used until there is an own measurement.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime) => _association.SetRoundTripTime(roundTripTime);

    /// <summary>
    /// Opens a channel. Allowed before <see cref="Start"/>: the stream id is then assigned as soon as the role is known.
    /// Messages may be sent after <see cref="DataChannelEventKind.ChannelOpened"/>.
    /// </summary>
    /// <param name="parameters">What it is opened with. An id of the own choice must be one that this side may choose.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="ArgumentException">Label or protocol too long, both reliability limits, or negotiated without id.</exception>
    /// <exception cref="InvalidOperationException">The session is closed, the id is taken, or there are too many channels.</exception>
    public DataChannelId OpenChannel(DataChannelParameters parameters, Instant now)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        OpenMessage.Validate(parameters);
        _now = now;
        if (State > SctpAssociationState.Established)
        {
            throw new InvalidOperationException("The association has ended.");
        }

        if (_channels.IsFull)
        {
            throw new InvalidOperationException("There are too many channels.");
        }

        if (parameters.Id is { } id && _channels.Find(id) is not null)
        {
            throw new InvalidOperationException($"Id {id} is in use.");
        }

        var channel = _channels.Add(parameters);
        if (parameters.Id is { } chosen)
        {
            _channels.TryAssign(channel, chosen);
        }

        if (_isStarted)
        {
            AssignId(channel);
            TryOpen(channel);
        }

        return channel.Handle;
    }

    /// <summary>The stream id; <see langword="null"/> while it is not assigned, and after the channel was closed.</summary>
    public ushort? GetStreamId(DataChannelId channel) => _channels.Find(channel)?.StreamId;

    /// <summary>The channel's state.</summary>
    public DataChannelState GetState(DataChannelId channel) => _channels.Find(channel)?.State ?? DataChannelState.Closed;

    /// <summary>Queues a message; the bytes are borrowed and copied once.</summary>
    public DataChannelSendResult Send(DataChannelId channel, DataChannelMessageKind kind, ReadOnlySpan<byte> message, Instant now)
    {
        _now = now;
        var result = CheckSend(channel, message.Length, out var target);
        if (result == DataChannelSendResult.Queued)
        {
            // RFC 8831 6.6: an empty message is a single zero byte on the wire.
            ReadOnlySpan<byte> bytes = message.IsEmpty ? [0] : message;
            _association.Send(target!.StreamId!.Value, target.Describe(kind, message.IsEmpty), bytes, now);
            Count(target, message.Length);
        }

        return result;
    }

    /// <summary>Queues a message that is given, if the answer is <see cref="DataChannelSendResult.Queued"/>: no copy. Otherwise it stays the caller's.</summary>
    public DataChannelSendResult Send(DataChannelId channel, DataChannelMessageKind kind, PooledBuffer message, Instant now)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Length == 0)
        {
            var emptyResult = Send(channel, kind, [], now);
            if (emptyResult == DataChannelSendResult.Queued)
            {
                message.Dispose();
            }

            return emptyResult;
        }

        _now = now;
        var length = message.Length;
        var result = CheckSend(channel, length, out var target);
        if (result == DataChannelSendResult.Queued)
        {
            _association.Send(target!.StreamId!.Value, target.Describe(kind, isEmpty: false), message, now);
            Count(target, length);
        }

        return result;
    }

    /// <summary>Bytes accepted and not yet put into a packet: W3C <c>bufferedAmount</c>.</summary>
    public long GetBufferedAmount(DataChannelId channel) =>
        _channels.Find(channel)?.StreamId is { } streamId ? _association.GetBufferedAmount(streamId) : 0;

    /// <summary>The amount at or below which <see cref="DataChannelEventKind.BufferedAmountLow"/> is raised; 0 at first.</summary>
    public void SetBufferedAmountLowThreshold(DataChannelId channel, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (_channels.Find(channel) is not { } target)
        {
            return;
        }

        target.LowThreshold = bytes;
        if (target.StreamId is { } streamId)
        {
            _association.SetBufferedAmountLowThreshold(streamId, bytes);
        }
    }

    /// <summary>
    /// Returns the receive window used by one received message, once the application has consumed it. To be called once per message, and only with
    /// <see cref="DataChannelSessionOptions.ManualReceiveCredit"/>; also for messages of channels closed meanwhile.
    /// </summary>
    /// <param name="channel">The channel it came on.</param>
    /// <param name="messageLength">The message's length in bytes.</param>
    /// <param name="now">The present.</param>
    public void ReleaseReceiveCredit(DataChannelId channel, int messageLength, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messageLength);
        _ = channel;
        _now = now;
        if (_options.ManualReceiveCredit)
        {
            Release(messageLength);
        }
    }

    /// <summary>Closes a channel: what was accepted is still sent, then its stream is reset in both directions.</summary>
    public void CloseChannel(DataChannelId channel, Instant now)
    {
        _now = now;
        if (_channels.Find(channel) is { } target)
        {
            _lifecycle.BeginClosing(target, error: null, _now);
            Pump();
        }
    }

    /// <summary>Ends the association at once with ABORT, as browsers do; every channel is closed.</summary>
    public void Close(Instant now)
    {
        _now = now;
        _association.Abort(now, "Close called");
        Pump();
    }

    /// <summary>Ends the association in order: everything accepted is delivered first.</summary>
    public void Shutdown(Instant now)
    {
        _now = now;
        _association.Shutdown(now);
        Pump();
    }

    /// <summary>Takes an SCTP packet out of a DTLS record; it is borrowed.</summary>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, Instant now)
    {
        _now = now;
        _association.HandleDatagram(datagram, now);
        Pump();
    }

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    public void HandleTimeout(Instant now)
    {
        _now = now;
        _association.HandleTimeout(now);
        Pump();
    }

    /// <inheritdoc cref="SctpAssociation.IsSackAwaited"/>
    public bool IsSackAwaited => _association.IsSackAwaited;

    /// <summary>Writes the next packet, to go into a DTLS record.</summary>
    /// <param name="destination">At least <see cref="SctpOptions.MaxPacketSize"/> bytes; with <see cref="SctpOptions.PathMtuDiscovery"/> as many as may be tried.</param>
    /// <param name="transmit">Its length, and whether it may be cut into fragments; the path is ICE's choice.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => _association.TryPollTransmit(destination, out transmit);

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out DataChannelEvent e)
    {
        if (_events.Count == 0)
        {
            // Sending may have emptied a buffer.
            Pump();
        }

        if (!_events.TryDequeue(out e))
        {
            return false;
        }

        if (e.Message is { } message && !_options.ManualReceiveCredit)
        {
            Release(message.Length);
        }

        return true;
    }

    /// <summary>Figures of the association.</summary>
    public SctpStatistics GetStatistics() => _association.GetStatistics();

    /// <summary>Figures of a channel that is not closed.</summary>
    public DataChannelStatistics GetStatistics(DataChannelId channel) => _channels.Find(channel) is { } target
        ? new DataChannelStatistics
        {
            MessagesSent = target.MessagesSent,
            BytesSent = target.BytesSent,
            MessagesReceived = target.MessagesReceived,
            BytesReceived = target.BytesReceived,
        }
        : default;

    private static void Count(Channel channel, int length)
    {
        channel.MessagesSent++;
        channel.BytesSent += length;
    }

    private DataChannelSendResult CheckSend(DataChannelId handle, int length, out Channel? channel)
    {
        channel = _channels.Find(handle);
        if (channel is not { State: DataChannelState.Open })
        {
            return DataChannelSendResult.NotOpen;
        }

        if (length > MaxSendMessageSize)
        {
            return DataChannelSendResult.MessageTooLarge;
        }

        return length > _options.SendBufferLimit - _association.GetBufferedAmount(channel.StreamId!.Value)
            ? DataChannelSendResult.BufferFull
            : DataChannelSendResult.Queued;
    }

    // Every message on the wire has at least one byte.
    private void Release(int messageLength) => _association.ReleaseReceiveCredit(Math.Max(messageLength, 1), _now);

    private void AssignId(Channel channel)
    {
        var streams = State >= SctpAssociationState.CookieEchoed ? _association.OutgoingStreams : _options.Sctp.OutgoingStreams;
        if (channel.StreamId is null && !_channels.TryAssignFree(channel, streams))
        {
            _lifecycle.Finish(channel, new SctpError(SctpErrorKind.StreamIdUnavailable));
            return;
        }

        _association.SetBufferedAmountLowThreshold(channel.StreamId!.Value, channel.LowThreshold);
        _association.SetStreamPriority(channel.StreamId.Value, channel.Parameters.Priority);
        if (!channel.Parameters.Negotiated)
        {
            // RFC 8832 6: OPEN goes first on the stream, reliable and ordered; it may travel with the cookie.
            channel.IsOpenSent = true;
            channel.IsAwaitingAck = true;
            var open = OpenMessage.Encode(channel.Parameters);
            _association.Send(channel.StreamId.Value, new SctpSendParameters(PayloadProtocol.Control, IsControl: true), open, _now);
        }
    }

    private void TryOpen(Channel channel)
    {
        if (State != SctpAssociationState.Established || channel.State != DataChannelState.Connecting || channel.StreamId is not { } streamId)
        {
            return;
        }

        if (streamId >= _association.OutgoingStreams)
        {
            _lifecycle.Finish(channel, new SctpError(SctpErrorKind.StreamIdUnavailable));
            return;
        }

        // As in browsers, a channel is open when OPEN is under way: data may follow at once (RFC 8832, 6).
        _lifecycle.SetState(channel, DataChannelState.Open);
        _events.Enqueue(DataChannelEvent.ChannelOpened(channel.Handle));
        _intake.DeliverEarly(channel, _now);
    }

    private void Pump()
    {
        while (_association.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case SctpEventKind.StateChanged:
                    OnStateChanged(e);
                    break;
                case SctpEventKind.PeerRestarted:
                    CloseAll(new SctpError(SctpErrorKind.PeerRestarted));
                    break;
                case SctpEventKind.MessageReceived:
                    _intake.OnMessage(e.StreamId, e.PayloadProtocolId, e.Message!, _now);
                    break;
                case SctpEventKind.MessageDropped:
                    OnMessageDropped(e.StreamId);
                    break;
                case SctpEventKind.BufferedAmountLow:
                    if (_channels.Find(e.StreamId) is { State: DataChannelState.Open or DataChannelState.Closing } low)
                    {
                        _events.Enqueue(DataChannelEvent.BufferedAmountLow(low.Handle));
                    }

                    break;
                case SctpEventKind.IncomingStreamReset:
                    _intake.OnIncomingReset(e.StreamId, _now);
                    break;
                case SctpEventKind.AllIncomingStreamsReset:
                    foreach (var channel in _channels.All.Where(channel => channel.StreamId is not null))
                    {
                        _intake.OnIncomingReset(channel.StreamId!.Value, _now);
                    }

                    break;
                case SctpEventKind.OutgoingStreamReset:
                    _lifecycle.OnOutgoingReset(e.StreamId);
                    break;
                case SctpEventKind.OutgoingStreamResetFailed:
                    if (_channels.Find(e.StreamId) is { } failed)
                    {
                        _lifecycle.Finish(failed, failed.Error ?? new SctpError(SctpErrorKind.ResetFailed), keepId: true);
                    }

                    break;
            }
        }
    }

    private void OnStateChanged(in SctpEvent e)
    {
        _events.Enqueue(DataChannelEvent.StateChanged(e.State, e.Error));
        if (e.State == SctpAssociationState.Established)
        {
            foreach (var channel in _channels.All.OrderBy(channel => channel.Handle.Value))
            {
                TryOpen(channel);
                if (channel.State == DataChannelState.Closing)
                {
                    _lifecycle.ResetIfEstablished(channel, _now);
                }
            }
        }
        else if (e.State == SctpAssociationState.Closed)
        {
            CloseAll(e.Error);
        }
    }

    private void CloseAll(SctpError? error)
    {
        foreach (var channel in _channels.All.OrderBy(channel => channel.Handle.Value))
        {
            _lifecycle.Finish(channel, channel.Error ?? error);
        }

        _early.Clear();
        _lifecycle.Clear();
    }

    private void OnMessageDropped(ushort streamId)
    {
        if (_channels.Find(streamId) is { } channel)
        {
            _lifecycle.BeginClosing(channel, new SctpError(SctpErrorKind.ReceivedMessageTooLarge), _now);
        }
    }
}
