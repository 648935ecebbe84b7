using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Control;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Receive;
using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp;

// RFC 9260, 4. Both sides may begin; with browsers both do.
//
//   New --Associate--> CookieWait --INIT ACK--> CookieEchoed --COOKIE ACK--> Established
//    |                     |                         |                           |
//    +---------------------+------COOKIE ECHO--------+-------------------------> |
//                                                                                |
//          +------------------------Shutdown-----------------------+--SHUTDOWN--+
//          v                                                        v
//   ShutdownPending --all acknowledged--> ShutdownSent      ShutdownReceived --all acknowledged--> ShutdownAckSent
//                                              |                                                        |
//                                              +--SHUTDOWN ACK--> Closed <---SHUTDOWN COMPLETE----------+
//
//   any --ABORT, no answer, Abort--> Closed

/// <summary>
/// An SCTP association (RFC 9260) with partial reliability (RFC 3758) and stream reset (RFC 6525), a sans-IO core over one path, as it runs inside DTLS
/// (RFC 8261). Single-threaded; after each handle or command the owner polls <see cref="TryPollTransmit"/> and <see cref="TryPollEvent"/> until both answer
/// <see langword="false"/>, then arms a timer at <see cref="NextTimeout"/>.
/// </summary>
public sealed class SctpAssociation
{
    private readonly SctpOptions _options;
    private readonly ILogger _logger;
    private readonly AssociationHandshake _handshake;
    private readonly ControlQueue _control = new();
    private readonly HeartbeatMonitor _heartbeat;
    private readonly RttEstimator _rtt;
    private readonly SendQueue _queue = new();
    private readonly Queue<SctpEvent> _events = new();
    private readonly TimerTable<AssociationTimer> _timers = new();
    private readonly int _packetSize;
    private AssociationCounters _counters;
    private DataSender? _sender;
    private DataReceiver? _receiver;
    private StreamResetter? _resetter;
    private int _attempts;
    private bool _isCookieEchoDue;
    private bool _isCookieAckDue;
    private bool _isShutdownDue;
    private Instant _now;

    /// <summary>Creates an association; nothing is sent before <see cref="Associate"/> or before the peer associates.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="random">For tags, sequence numbers and the key of the cookies.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public SctpAssociation(SctpOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _packetSize = Padding.RoundDown(options.MaxPacketSize);
        _handshake = new AssociationHandshake(options, random);
        _heartbeat = new HeartbeatMonitor(options, random);
        _rtt = new RttEstimator(options);
    }

    /// <summary>The state.</summary>
    public SctpAssociationState State { get; private set; }

    /// <summary>Why the association ended; <see langword="null"/> before, and after an end in order.</summary>
    public SctpError? Error { get; private set; }

    /// <summary>Streams that may be used for sending, 0 until the peer has said how many it takes.</summary>
    public int OutgoingStreams => _handshake.OutgoingStreams;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout
    {
        get
        {
            if (State == SctpAssociationState.Closed)
            {
                return null;
            }

            // While the cookie is under way its timer stands for the data that went along with it.
            var next = Instant.Earliest(_timers.Next, _heartbeat.Deadline);
            next = Instant.Earliest(next, CanTransferData ? _sender?.RetransmissionDeadline : null);
            return Instant.Earliest(next, Instant.Earliest(_receiver?.SackDeadline, _resetter?.Deadline));
        }
    }

    private bool CanTransferData => State is SctpAssociationState.Established or SctpAssociationState.ShutdownPending
        or SctpAssociationState.ShutdownSent or SctpAssociationState.ShutdownReceived;

    private bool CanSendData => State is SctpAssociationState.Established or SctpAssociationState.ShutdownPending or SctpAssociationState.ShutdownReceived;

    /// <summary>Sends INIT. Does nothing if the peer has been faster.</summary>
    public void Associate(Instant now)
    {
        _now = now;
        if (State != SctpAssociationState.New)
        {
            return;
        }

        SendInit(now);
        TransitionTo(SctpAssociationState.CookieWait);
    }

    /// <summary>Queues a message; the bytes, at least one, are borrowed and copied once. Allowed before the association is made.</summary>
    /// <returns><see langword="false"/> if the association is ending, or has fewer streams.</returns>
    /// <exception cref="ArgumentException">The message is empty.</exception>
    public bool Send(ushort streamId, in SctpSendParameters parameters, ReadOnlySpan<byte> message, Instant now)
    {
        ThrowIfEmpty(message.Length);
        _now = now;
        if (!MaySend(streamId))
        {
            return false;
        }

        _queue.Add(streamId, parameters, message, now);
        return true;
    }

    /// <summary>Queues a message that is given if the answer is <see langword="true"/>: it is not copied. Otherwise it stays the caller's.</summary>
    /// <inheritdoc cref="Send(ushort, in SctpSendParameters, ReadOnlySpan{byte}, Instant)"/>
    public bool Send(ushort streamId, in SctpSendParameters parameters, PooledBuffer message, Instant now)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfEmpty(message.Length);
        _now = now;
        if (!MaySend(streamId))
        {
            return false;
        }

        _queue.Add(streamId, parameters, message, now);
        return true;
    }

    /// <summary>Bytes of the stream that have been accepted and are in no packet yet.</summary>
    public long GetBufferedAmount(ushort streamId) => _queue.GetStream(streamId).BufferedAmount;

    /// <summary>Sets the amount at or below which <see cref="SctpEventKind.BufferedAmountLow"/> is raised.</summary>
    public void SetBufferedAmountLowThreshold(ushort streamId, long bytes) => _queue.GetStream(streamId).LowThreshold = bytes;

    /// <summary>Resets an outgoing stream once everything queued on it has been sent (RFC 6525, 5.1.2).</summary>
    public void ResetStream(ushort streamId, Instant now)
    {
        _now = now;
        _resetter?.Request(streamId);
        Settle(now);
    }

    /// <summary>Returns the receive window of one delivered message, which counts until then.</summary>
    public void ReleaseReceiveCredit(int messageLength, Instant now)
    {
        _now = now;
        _receiver?.Release(messageLength + ReceiveBudget.MessageOverhead);
    }

    /// <summary>Tells a round-trip time measured elsewhere, used until there is an own measurement.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime) => _rtt.OnHint(roundTripTime);

    /// <summary>Ends the association once everything queued here and at the peer has been delivered (RFC 9260, 9.2).</summary>
    public void Shutdown(Instant now)
    {
        _now = now;
        switch (State)
        {
            case SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.CookieEchoed:
                Abort(now, "Shut down before it was established");
                break;
            case SctpAssociationState.Established:
                TransitionTo(SctpAssociationState.ShutdownPending);
                Settle(now);
                break;
            case SctpAssociationState.ShutdownPending or SctpAssociationState.ShutdownSent or SctpAssociationState.ShutdownReceived
                or SctpAssociationState.ShutdownAckSent or SctpAssociationState.Closed:
                break;
        }
    }

    /// <summary>Ends the association at once with ABORT (RFC 9260, 9.1). What is queued is lost.</summary>
    /// <param name="now">The present.</param>
    /// <param name="reason">Text for the peer.</param>
    public void Abort(Instant now, string reason)
    {
        _now = now;
        if (State == SctpAssociationState.Closed)
        {
            return;
        }

        SendAbort(CauseCode.UserInitiatedAbort, Encoding.UTF8.GetBytes(reason));
        Close(error: null);
    }

    /// <summary>Takes a packet; it is borrowed.</summary>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, Instant now)
    {
        _now = now;
        if (!PacketView.TryParse(datagram, out var packet))
        {
            Discard("malformed");
        }
        else if (packet.Header.SourcePort != _options.RemotePort || packet.Header.DestinationPort != _options.LocalPort)
        {
            Discard("ports");
        }
        else if (!packet.HasValidChecksum)
        {
            Discard("checksum");
        }
        else if (!IsForThisAssociation(packet))
        {
            OnOutOfTheBlue(packet);
        }
        else
        {
            _counters.PacketsReceived++;
            _counters.BytesReceived += datagram.Length;
            HandleChunks(packet, now);
            _receiver?.OnPacketEnd(now);
            Settle(now);
        }

        Debug.Assert(IsConsistent());
    }

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    public void HandleTimeout(Instant now)
    {
        _now = now;
        while (_timers.TryTakeExpired(now, out var timer))
        {
            OnTimer(timer, now);
        }

        if (_sender is not null && CanTransferData && _sender.RetransmissionDeadline <= now)
        {
            OnRetransmissionTimeout(_sender, now);
        }

        _receiver?.OnTimeout(now);
        if (_resetter?.OnTimeout(_rtt.Timeout, now) ?? false)
        {
            _rtt.OnTimeout();
            _heartbeat.OnUnanswered();
        }

        if (_heartbeat.OnTimeout(_rtt.Timeout, now) is { } heartbeat)
        {
            _control.Add(heartbeat);
        }

        if (_heartbeat.IsPeerUnreachable)
        {
            Fail(new SctpError(SctpErrorKind.PeerUnreachable));
        }

        Settle(now);
        Debug.Assert(IsConsistent());
    }

    /// <summary>Writes the next packet.</summary>
    /// <param name="destination">At least <see cref="SctpOptions.MaxPacketSize"/> bytes.</param>
    /// <param name="transmit">Its length; where it goes is the owner's business.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        var room = destination[..Math.Min(_packetSize, Padding.RoundDown(destination.Length))];
        transmit = default;
        if (!_control.TryWriteAlone(room, _options.LocalPort, _options.RemotePort, out var length))
        {
            if (State is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.Closed)
            {
                return false;
            }

            var packet = new PacketWriter(room, new CommonHeader(_options.LocalPort, _options.RemotePort, _handshake.PeerTag));
            WriteChunks(ref packet);
            if (packet.IsEmpty)
            {
                return false;
            }

            length = packet.Complete();
        }

        _counters.PacketsSent++;
        _counters.BytesSent += length;
        transmit = new Transmit(length);
        return true;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out SctpEvent e)
    {
        if (_events.TryDequeue(out e))
        {
            return true;
        }

        if (!_queue.TryTakeFallen(out var streamId))
        {
            return false;
        }

        e = SctpEvent.Of(SctpEventKind.BufferedAmountLow, streamId);
        return true;
    }

    /// <summary>A snapshot of figures.</summary>
    public SctpStatistics GetStatistics() => new()
    {
        PacketsSent = _counters.PacketsSent,
        PacketsReceived = _counters.PacketsReceived,
        BytesSent = _counters.BytesSent,
        BytesReceived = _counters.BytesReceived,
        PacketsDiscarded = _counters.PacketsDiscarded,
        Retransmissions = _sender?.Retransmissions ?? 0,
        RetransmissionTimeouts = _sender?.Timeouts ?? 0,
        DuplicatesReceived = _receiver?.Duplicates ?? 0,
        MessagesAbandoned = _sender?.Abandoned ?? 0,
        RoundTripTime = _rtt.Smoothed,
        CongestionWindow = _sender?.Congestion.Window ?? 0,
        SlowStartThreshold = _sender?.Congestion.SlowStartThreshold ?? 0,
        ReceiverWindow = _sender?.PeerWindow ?? 0,
        LocalReceiverWindow = (long?)_receiver?.Window ?? _options.ReceiveBufferSize,
        Mtu = _packetSize,
        BytesInFlight = _sender?.BytesInFlight ?? 0,
        UnacknowledgedChunks = _sender?.UnacknowledgedChunks ?? 0,
    };

    private static void ThrowIfEmpty(int length)
    {
        if (length == 0)
        {
            throw new ArgumentException("SCTP has no empty messages.", nameof(length));
        }
    }

    private bool MaySend(ushort streamId) =>
        State <= SctpAssociationState.Established && (_handshake.Peer is null || streamId < OutgoingStreams);

    // RFC 9260 8.5 and 8.5.1: which verification tag a packet must carry depends on its first chunk.
    private bool IsForThisAssociation(in PacketView packet)
    {
        var tag = packet.Header.VerificationTag;
        var first = packet.FirstChunk;
        return first.Type switch
        {
            ChunkType.Init => tag == 0 && packet.HasSingleChunk,
            ChunkType.CookieEcho => true,
            ChunkType.Abort or ChunkType.ShutdownComplete => (first.Flags & AbortChunk.ReflectedTagFlag) == 0
                ? tag == _handshake.LocalTag
                : _handshake.PeerTag != 0 && tag == _handshake.PeerTag,
            _ => tag == _handshake.LocalTag,
        };
    }

    // RFC 9260 8.4. An association that has ended tells a peer that goes on; nothing else is answered.
    private void OnOutOfTheBlue(in PacketView packet)
    {
        Discard("verification tag");
        if (State == SctpAssociationState.New && packet.FirstChunk.Type == ChunkType.ShutdownAck)
        {
            _control.AddAlone(packet.Header.VerificationTag, EncodedChunk.Create(ChunkType.ShutdownComplete, AbortChunk.ReflectedTagFlag, 0));
        }
    }

    private void HandleChunks(in PacketView packet, Instant now)
    {
        if (State == SctpAssociationState.Closed)
        {
            OnPacketAfterEnd(packet);
            return;
        }

        var chunks = packet.Chunks;
        while (State != SctpAssociationState.Closed && chunks.TryRead(out var chunk))
        {
            if (!HandleChunk(chunk, packet.Header.VerificationTag, now))
            {
                return;
            }
        }
    }

    // Returns whether to go on with the packet's next chunk.
    private bool HandleChunk(ChunkView chunk, uint packetTag, Instant now)
    {
        switch (chunk.Type)
        {
            case ChunkType.Data:
                return OnData(chunk);
            case ChunkType.Init:
                OnInit(chunk, now);
                return false;
            case ChunkType.InitAck:
                OnInitAck(chunk, now);
                return false;
            case ChunkType.Sack:
                return OnSack(chunk, now);
            case ChunkType.Heartbeat:
                _control.Add(HeartbeatChunk.EncodeAck(chunk));
                return true;
            case ChunkType.HeartbeatAck:
                OnHeartbeatAck(chunk, now);
                return true;
            case ChunkType.Abort:
                var abort = AbortChunk.Parse(chunk);
                Fail(new SctpError(SctpErrorKind.AbortedByPeer, abort.CauseCode, abort.Reason));
                return false;
            case ChunkType.Shutdown:
                return OnShutdown(chunk, now);
            case ChunkType.ShutdownAck:
                OnShutdownAck();
                return false;
            case ChunkType.ShutdownComplete:
                OnShutdownComplete();
                return false;
            case ChunkType.Error:
                OnError(chunk, now);
                return true;
            case ChunkType.CookieEcho:
                return OnCookieEcho(chunk, packetTag, now);
            case ChunkType.CookieAck:
                OnCookieAck(now);
                return true;
            case ChunkType.ReConfig:
                return OnReConfig(chunk, now);
            case ChunkType.ForwardTsn:
                return OnForwardTsn(chunk);
            default:
                return OnUnknown(chunk);
        }
    }

    private bool OnData(ChunkView chunk)
    {
        if (!DataChunk.TryParse(chunk, out var data))
        {
            return ProtocolViolation("DATA too short");
        }

        if (!ConfirmByTraffic() || _receiver is null)
        {
            return true;
        }

        if (data.Payload.IsEmpty)
        {
            Span<byte> tsn = stackalloc byte[sizeof(uint)];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(tsn, data.Tsn.Value);
            SendAbort(CauseCode.NoUserData, tsn);
            Close(new SctpError(SctpErrorKind.ProtocolViolation, CauseCode.NoUserData));
            return false;
        }

        if (data.StreamId >= _handshake.IncomingStreams)
        {
            _receiver.OnUselessData(data.Tsn);
            _control.Add(ErrorChunk.Encode(CauseCode.InvalidStreamIdentifier, [(byte)(data.StreamId >> 8), (byte)data.StreamId, 0, 0]));
            return true;
        }

        if (!_receiver.OnData(data))
        {
            return ProtocolViolation("fragments that do not belong together");
        }

        DeliverMessages(_receiver);
        return true;
    }

    private void DeliverMessages(DataReceiver receiver)
    {
        while (receiver.TryTakeMessage(out var message))
        {
            if (message.Buffer is { } buffer)
            {
                _events.Enqueue(SctpEvent.MessageReceived(message.StreamId, message.PayloadProtocolId, buffer));
            }
            else
            {
                receiver.Release(message.Cost);
                _events.Enqueue(SctpEvent.Of(SctpEventKind.MessageDropped, message.StreamId));
            }
        }
    }

    private void OnInit(ChunkView chunk, Instant now)
    {
        if (!InitChunk.TryParse(chunk, out var init))
        {
            return;
        }

        if (!AssociationHandshake.IsAcceptable(init!))
        {
            // RFC 9260 5.1: ABORT with the tag of the INIT; nothing changes here.
            _control.AddAlone(init!.InitiateTag, AbortChunk.Encode(isTagReflected: false, CauseCode.InvalidMandatoryParameter, []));
            return;
        }

        if (State == SctpAssociationState.ShutdownAckSent)
        {
            // RFC 9260 9.2: the peer seems to have missed SHUTDOWN ACK.
            _isShutdownDue = true;
            return;
        }

        _control.AddAlone(init!.InitiateTag, _handshake.AnswerInit(init, State, now));
    }

    private void OnInitAck(ChunkView chunk, Instant now)
    {
        if (State != SctpAssociationState.CookieWait || !InitChunk.TryParse(chunk, out var initAck))
        {
            return;
        }

        if (!AssociationHandshake.IsAcceptable(initAck!))
        {
            ProtocolViolation("unacceptable INIT ACK");
            return;
        }

        _handshake.OnInitAck(initAck!, now);
        CreateHalves();
        _attempts = 0;
        _isCookieEchoDue = true;
        _timers.Arm(AssociationTimer.Handshake, now + _rtt.Timeout);
        TransitionTo(SctpAssociationState.CookieEchoed);
    }

    private bool OnCookieEcho(ChunkView chunk, uint packetTag, Instant now)
    {
        switch (_handshake.OnCookieEcho(chunk.Value, packetTag, State, now, out var staleness))
        {
            case CookieOutcome.Discard:
                return false;
            case CookieOutcome.Stale:
                Span<byte> microseconds = stackalloc byte[sizeof(uint)];
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(microseconds, (uint)Math.Min(uint.MaxValue, staleness.TotalMicroseconds));
                _control.AddAlone(_handshake.PeerTag, ErrorChunk.Encode(CauseCode.StaleCookie, microseconds));
                return false;
            case CookieOutcome.Establish:
                if (State != SctpAssociationState.CookieEchoed || _receiver is null)
                {
                    CreateHalves();
                }

                _isCookieAckDue = true;
                OnEstablished(now);
                return true;
            case CookieOutcome.Confirm:
                _isCookieAckDue = true;
                return true;
            case CookieOutcome.Restart:
                OnRestart(now);
                return true;
            default:
                throw new UnreachableException();
        }
    }

    // RFC 9260 5.2.4.1: the old association's data is lost; the new one takes its place without a further state.
    private void OnRestart(Instant now)
    {
        Log.PeerRestarted(_logger);
        _control.ClearBundled();
        _receiver?.Clear();
        _sender?.Clear();
        _queue.Clear();
        CreateHalves();
        _isCookieAckDue = true;
        _events.Enqueue(SctpEvent.Of(SctpEventKind.PeerRestarted));
        OnEstablished(now);
    }

    private void OnCookieAck(Instant now)
    {
        if (State == SctpAssociationState.CookieEchoed)
        {
            OnEstablished(now);
        }
    }

    private void OnEstablished(Instant now)
    {
        _isCookieEchoDue = false;
        _attempts = 0;
        _timers.CancelAll();
        _heartbeat.Start(now);
        TransitionTo(SctpAssociationState.Established);
    }

    // Deviation: RFC 9260 5.1 waits for COOKIE ACK. Whoever sends data or SACKs with the right tag has taken the cookie; its COOKIE ACK was lost.
    private bool ConfirmByTraffic()
    {
        if (State == SctpAssociationState.CookieEchoed)
        {
            OnEstablished(_now);
        }

        return CanTransferData;
    }

    private bool OnSack(ChunkView chunk, Instant now)
    {
        if (!SackChunk.TryParse(chunk, out var sack))
        {
            return ProtocolViolation("malformed SACK");
        }

        if (!ConfirmByTraffic())
        {
            return true;
        }

        if (_sender!.OnSack(sack, now))
        {
            _heartbeat.OnAnswer(now);
        }
        else
        {
            Log.PacketDiscarded(_logger, "SACK stale or of data never sent");
        }

        return true;
    }

    private bool OnForwardTsn(ChunkView chunk)
    {
        if (!ForwardTsnChunk.TryParse(chunk, out var forward))
        {
            return ProtocolViolation("malformed FORWARD TSN");
        }

        if (CanTransferData)
        {
            _receiver!.OnForwardTsn(forward);
            DeliverMessages(_receiver);
        }

        return true;
    }

    private bool OnReConfig(ChunkView chunk, Instant now)
    {
        if (!CanTransferData)
        {
            return true;
        }

        _heartbeat.OnAnswer(now);
        return _resetter!.OnReConfig(chunk, _receiver!, _rtt.Timeout, now) || ProtocolViolation("malformed RE-CONFIG");
    }

    private void OnHeartbeatAck(ChunkView chunk, Instant now)
    {
        if (_heartbeat.OnAck(chunk, now, out var roundTripTime))
        {
            _rtt.OnMeasured(roundTripTime);
        }
    }

    // RFC 9260 5.2.6: a cookie that has grown stale on the way is asked for again.
    private void OnError(ChunkView chunk, Instant now)
    {
        if (State == SctpAssociationState.CookieEchoed && ErrorChunk.HasCause(chunk, CauseCode.StaleCookie))
        {
            _handshake.ForgetPeer();
            _sender?.Clear();
            SendInit(now);
            TransitionTo(SctpAssociationState.CookieWait);
        }
    }

    private bool OnShutdown(ChunkView chunk, Instant now)
    {
        if (!ShutdownChunk.TryParse(chunk, out var cumulative))
        {
            return ProtocolViolation("malformed SHUTDOWN");
        }

        switch (State)
        {
            case SctpAssociationState.Established or SctpAssociationState.ShutdownPending:
                TransitionTo(SctpAssociationState.ShutdownReceived);
                _sender!.OnCumulative(cumulative, now);
                break;
            case SctpAssociationState.ShutdownReceived:
                _sender!.OnCumulative(cumulative, now);
                break;
            case SctpAssociationState.ShutdownSent:
                // RFC 9260 9.2: both have asked; each answers the other.
                BeginShutdownAck(now);
                break;
            case SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.CookieEchoed
                or SctpAssociationState.ShutdownAckSent or SctpAssociationState.Closed:
                break;
        }

        return true;
    }

    private void OnShutdownAck()
    {
        if (State is SctpAssociationState.ShutdownSent or SctpAssociationState.ShutdownAckSent)
        {
            _control.AddAlone(_handshake.PeerTag, EncodedChunk.Create(ChunkType.ShutdownComplete, 0, 0));
            Close(error: null);
        }
    }

    private void OnShutdownComplete()
    {
        if (State == SctpAssociationState.ShutdownAckSent)
        {
            Close(error: null);
        }
    }

    // RFC 9260 3.2: the two highest bits of a type say what to do with one that is not known.
    private bool OnUnknown(ChunkView chunk)
    {
        if (((byte)chunk.Type & 0x40) != 0)
        {
            _control.Add(ErrorChunk.Encode(CauseCode.UnrecognizedChunkType, chunk.Bytes));
        }

        return ((byte)chunk.Type & 0x80) != 0;
    }

    private void OnPacketAfterEnd(in PacketView packet)
    {
        // RFC 9260 8.4: the peer does not know that it is over, or has missed SHUTDOWN COMPLETE.
        var type = packet.FirstChunk.Type;
        if (type is ChunkType.Abort or ChunkType.ShutdownComplete or ChunkType.CookieAck or ChunkType.Error or ChunkType.Init or ChunkType.CookieEcho)
        {
            return;
        }

        _control.AddAlone(
            _handshake.PeerTag,
            type == ChunkType.ShutdownAck ? EncodedChunk.Create(ChunkType.ShutdownComplete, 0, 0) : AbortChunk.Encode(isTagReflected: false, null, []));
    }

    private void OnTimer(AssociationTimer timer, Instant now)
    {
        _rtt.OnTimeout();
        _attempts++;
        switch (timer)
        {
            case AssociationTimer.Handshake when _attempts > _options.MaxInitRetransmissions:
            case AssociationTimer.Shutdown when _attempts > _options.MaxRetransmissions:
                Fail(new SctpError(SctpErrorKind.PeerUnreachable));
                break;
            case AssociationTimer.Handshake when State == SctpAssociationState.CookieWait:
                SendInit(now);
                break;
            case AssociationTimer.Handshake when State == SctpAssociationState.CookieEchoed:
                _isCookieEchoDue = true;
                _sender?.OnTimeout(now);
                _timers.Arm(AssociationTimer.Handshake, now + _rtt.Timeout);
                break;
            case AssociationTimer.Shutdown:
                _isShutdownDue = true;
                _timers.Arm(AssociationTimer.Shutdown, now + _rtt.Timeout);
                break;
        }
    }

    private void OnRetransmissionTimeout(DataSender sender, Instant now)
    {
        // RFC 9260 6.1 A: a full peer that answers is not a dead one; its SACKs reset the count.
        _heartbeat.OnUnanswered();
        sender.OnTimeout(now);
        Log.RetransmissionTimeout(_logger, sender.UnacknowledgedChunks, _rtt.Timeout);
    }

    // What follows from whatever has just happened.
    private void Settle(Instant now)
    {
        if (_sender is null || _receiver is null || _resetter is null || State == SctpAssociationState.Closed)
        {
            return;
        }

        _resetter.PerformDeferred(_receiver);
        if (State == SctpAssociationState.ShutdownPending && _sender.IsDone)
        {
            _attempts = 0;
            _isShutdownDue = true;
            _timers.Arm(AssociationTimer.Shutdown, now + _rtt.Timeout);
            TransitionTo(SctpAssociationState.ShutdownSent);
        }
        else if (State == SctpAssociationState.ShutdownReceived && _sender.IsDone)
        {
            BeginShutdownAck(now);
        }
    }

    private void BeginShutdownAck(Instant now)
    {
        _attempts = 0;
        _isShutdownDue = true;
        _timers.Arm(AssociationTimer.Shutdown, now + _rtt.Timeout);
        TransitionTo(SctpAssociationState.ShutdownAckSent);
    }

    // Control first, then the SACK, then data.
    private void WriteChunks(ref PacketWriter packet)
    {
        if (State == SctpAssociationState.CookieEchoed)
        {
            if (_isCookieEchoDue && _handshake.CookieToEcho is { } cookie)
            {
                // RFC 9260 5.1.3: data may come along, behind the cookie.
                _isCookieEchoDue = false;
                cookie.CopyTo(packet.AddChunk(ChunkType.CookieEcho, 0, cookie.Length));
                _sender!.Write(ref packet, _now);
            }

            return;
        }

        if (_isCookieAckDue)
        {
            _isCookieAckDue = false;
            packet.AddChunk(ChunkType.CookieAck, 0, 0);
        }

        if (_receiver!.IsSackDue || (_receiver.IsSackPending && CanSendData && _sender!.CanWrite(_now)))
        {
            _receiver.TryWriteSack(ref packet);
        }

        WriteShutdown(ref packet);
        _resetter!.Advance(_sender!.LastTsn, _rtt.Timeout, _now);
        _control.Write(ref packet);
        if (CanSendData && _sender!.CanWrite(_now))
        {
            _sender.Write(ref packet, _now);
        }
    }

    private void WriteShutdown(ref PacketWriter packet)
    {
        // RFC 9260 9.2: in ShutdownSent every packet with data is answered by SACK and SHUTDOWN.
        if (!_isShutdownDue || packet.Remaining < ShutdownChunk.Length)
        {
            return;
        }

        _isShutdownDue = false;
        switch (State)
        {
            case SctpAssociationState.ShutdownSent:
                ShutdownChunk.Write(ref packet, _receiver!.Cumulative);
                break;
            case SctpAssociationState.ShutdownAckSent:
                packet.AddChunk(ChunkType.ShutdownAck, 0, 0);
                break;
        }
    }

    private void SendInit(Instant now)
    {
        _control.AddAlone(0, _handshake.CreateInit());
        _timers.Arm(AssociationTimer.Handshake, now + _rtt.Timeout);
    }

    private void CreateHalves()
    {
        var peer = _handshake.Peer!;
        _sender = new DataSender(
            _queue,
            _handshake.LocalInitialTsn,
            _packetSize,
            _rtt,
            new NewRenoController(_packetSize, _options.InitialCongestionWindowPackets))
        {
            PeerWindow = peer.PeerWindow,
            IsForwardTsnSupported = peer.SupportsForwardTsn,
        };
        _receiver = new DataReceiver(_options, peer.PeerInitialTsn);
        _resetter = new StreamResetter(_queue, _control, _events, _handshake.LocalInitialTsn, peer.PeerInitialTsn);
    }

    private bool ProtocolViolation(string what)
    {
        SendAbort(CauseCode.ProtocolViolation, Encoding.UTF8.GetBytes(what));
        Close(new SctpError(SctpErrorKind.ProtocolViolation, CauseCode.ProtocolViolation, what));
        return false;
    }

    private void SendAbort(ushort causeCode, ReadOnlySpan<byte> information)
    {
        if (_handshake.PeerTag != 0)
        {
            _control.AddAlone(_handshake.PeerTag, AbortChunk.Encode(isTagReflected: false, causeCode, information));
        }
    }

    private void Fail(SctpError error)
    {
        if (State != SctpAssociationState.Closed)
        {
            Close(error);
        }
    }

    private void Close(SctpError? error)
    {
        Error = error;
        _timers.CancelAll();
        _heartbeat.Stop();
        _control.ClearBundled();
        _sender?.Clear();
        _queue.Clear();
        _receiver?.Clear();
        if (error is not null)
        {
            Log.Failed(_logger, error);
        }

        TransitionTo(SctpAssociationState.Closed);
    }

    private void TransitionTo(SctpAssociationState state)
    {
        if (State == state)
        {
            return;
        }

        Log.StateChanged(_logger, State, state);
        State = state;
        _events.Enqueue(SctpEvent.StateChanged(state, Error));
    }

    private void Discard(string reason)
    {
        _counters.PacketsDiscarded++;
        Log.PacketDiscarded(_logger, reason);
    }

    private bool IsConsistent() =>
        (State is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.Closed || _sender is not null)
        && (_sender is null || _sender.BytesInFlight >= 0);
}
