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
using WebRtcCore.Sctp.Send;
using WebRtcCore.Sctp.Transfer;

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
/// An SCTP association (RFC 9260) with partial reliability (RFC 3758), stream reset (RFC 6525) and message interleaving (RFC 8260), a sans-IO core over one
/// path, as it runs inside DTLS (RFC 8261). Single-threaded; after each handle or command the owner polls <see cref="TryPollTransmit"/> and <see cref="TryPollEvent"/> until both answer
/// <see langword="false"/>, then arms a timer at <see cref="NextTimeout"/>.
/// </summary>
public sealed class SctpAssociation
{
    /// <summary>The largest IP packet that is ever tried; see <see cref="SetPath"/>.</summary>
    public const int LargestPathMtu = PathMtuDiscovery.LargestMtu;

    private readonly SctpOptions _options;
    private readonly ILogger _logger;
    private readonly ControlQueue _control = new();
    private readonly HandshakeSequence _handshake;
    private readonly HeartbeatMonitor _heartbeat;
    private readonly ShutdownSequence _shutdown;
    private readonly DataTransfer _transfer;
    private readonly PacketComposer _composer;
    private readonly Queue<SctpEvent> _events = new();
    private AssociationCounters _counters;
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
        _handshake = new HandshakeSequence(options, random, _control);
        _heartbeat = new HeartbeatMonitor(options, random);
        _shutdown = new ShutdownSequence(options);
        var path = new PathMtuDiscovery(options, Padding.RoundDown(options.MaxPacketSize), random, _logger);
        _transfer = new DataTransfer(options, path, _control, _heartbeat, _events, _logger);
        _composer = new PacketComposer(options, _handshake, _shutdown, _control, _transfer);
    }

    /// <summary>The state.</summary>
    public SctpAssociationState State { get; private set; }

    /// <summary>Why the association ended; <see langword="null"/> before, and after an end in order.</summary>
    public SctpError? Error { get; private set; }

    /// <summary>Streams that may be used for sending, 0 until the peer has said how many it takes.</summary>
    public int OutgoingStreams => _handshake.Identity.OutgoingStreams;

    /// <summary>Streams that the peer may use for sending, 0 until the peer is known.</summary>
    public int IncomingStreams => _handshake.Identity.IncomingStreams;

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
            var next = Instant.Earliest(_handshake.Deadline, _shutdown.Deadline);
            next = Instant.Earliest(next, _heartbeat.Deadline);
            return CanTransferData ? Instant.Earliest(next, _transfer.Deadline) : next;
        }
    }

    private TimeSpan Timeout => _transfer.Rtt.Timeout;

    private bool CanTransferData => PacketComposer.CanTransferData(State);

    /// <summary>Sends INIT. Does nothing if the peer has been faster.</summary>
    public void Associate(Instant now)
    {
        _now = now;
        if (State == SctpAssociationState.New)
        {
            _handshake.SendInit(Timeout, now);
            TransitionTo(SctpAssociationState.CookieWait);
        }
    }

    /// <summary>Queues a message; the bytes, at least one, are borrowed and copied once. Allowed before the association is made.</summary>
    /// <returns><see langword="false"/> if the association is ending, or has fewer streams.</returns>
    /// <exception cref="ArgumentException">The message is empty.</exception>
    public bool Send(ushort streamId, in SctpSendParameters parameters, ReadOnlySpan<byte> message, Instant now)
    {
        if (!MaySend(streamId, message.Length, now))
        {
            return false;
        }

        _transfer.Queue.Add(streamId, parameters, message, now);
        return true;
    }

    /// <summary>Queues a message that is given if the answer is <see langword="true"/>: it is not copied. Otherwise it stays the caller's.</summary>
    /// <inheritdoc cref="Send(ushort, in SctpSendParameters, ReadOnlySpan{byte}, Instant)"/>
    public bool Send(ushort streamId, in SctpSendParameters parameters, PooledBuffer message, Instant now)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!MaySend(streamId, message.Length, now))
        {
            return false;
        }

        _transfer.Queue.Add(streamId, parameters, message, now);
        return true;
    }

    /// <summary>Bytes of the stream that have been accepted and are in no packet yet.</summary>
    public long GetBufferedAmount(ushort streamId) => _transfer.Queue.GetStream(streamId).BufferedAmount;

    /// <summary>Sets the amount at or below which <see cref="SctpEventKind.BufferedAmountLow"/> is raised.</summary>
    public void SetBufferedAmountLowThreshold(ushort streamId, long bytes) => _transfer.Queue.GetStream(streamId).LowThreshold = bytes;

    /// <summary>
    /// Sets a stream's share of the association in relation to others (RFC 8831, 6.4): 1 to 65,535, 0 counts as 1; 256 for a stream that nobody has given one.
    /// </summary>
    public void SetStreamPriority(ushort streamId, ushort priority) => _transfer.Queue.GetStream(streamId).Weight = Math.Max((ushort)1, priority);

    /// <summary>Resets an outgoing stream once everything queued on it has been sent (RFC 6525, 5.1.2). Only once the association is established.</summary>
    public void ResetStream(ushort streamId, Instant now)
    {
        _now = now;
        _transfer.ResetStream(streamId);
    }

    /// <summary>Returns the receive window of one delivered message, which counts until then.</summary>
    public void ReleaseReceiveCredit(int messageLength, Instant now)
    {
        _now = now;
        _transfer.Release(messageLength);
    }

    /// <summary>Says that packets take another path from now on: congestion window, round-trip time and packet size begin anew.</summary>
    public void OnPathChanged() => _transfer.OnPathChanged();

    /// <summary>Tells about the path, so that larger packets can be tried (<see cref="SctpOptions.PathMtuDiscovery"/>). Cheap: it may be told before every packet.</summary>
    /// <param name="overhead">By how many bytes an IP packet on the first link is larger than the SCTP packet in it: record, UDP, IP, perhaps a relay's framing.</param>
    /// <param name="largestMtu">The largest IP packet worth trying, at most <see cref="LargestPathMtu"/>; 0 keeps packets at <see cref="SctpOptions.MaxPacketSize"/>.</param>
    public void SetPath(int overhead, int largestMtu) => _transfer.Path.SetPath(overhead, largestMtu);

    /// <summary>Says that the system refuses a packet as larger than the path, or its first link.</summary>
    /// <param name="kind">What the packet was: to a probe that is an answer, and otherwise packets become smaller.</param>
    /// <param name="now">The present.</param>
    public void OnPacketTooLarge(TransmitKind kind, Instant now)
    {
        _now = now;
        _transfer.Path.OnTooLarge(kind == TransmitKind.Probe, now);
    }

    /// <summary>Tells a round-trip time measured elsewhere, used until there is an own measurement.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime) => _transfer.Rtt.OnHint(roundTripTime);

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
                AdvanceShutdown(now);
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
        ArgumentNullException.ThrowIfNull(reason);
        _now = now;
        if (State != SctpAssociationState.Closed)
        {
            SendAbort(CauseCode.UserInitiatedAbort, Encoding.UTF8.GetBytes(reason));
            Close(error: null);
        }
    }

    /// <summary>
    /// Whether a SACK is to leave before another packet is handled (RFC 9260, 6.2: one for at least every second packet): who handles several packets in a row
    /// polls between them then. Peers send four packets at most for each SACK, however large their window, and would stay at that. Not for near peers.
    /// </summary>
    public bool IsSackAwaited => _transfer.IsSackAwaited;

    /// <summary>Takes a packet; it is borrowed.</summary>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, Instant now)
    {
        _now = now;
        if (OutOfTheBlue.FindFault(datagram, _options, _handshake.Identity, State, out var packet) is { } fault)
        {
            _counters.PacketsDiscarded++;
            Log.PacketDiscarded(_logger, fault);
        }
        else
        {
            _counters.PacketsReceived++;
            _counters.BytesReceived += datagram.Length;
            HandleChunks(packet, now);
            if (State == SctpAssociationState.ShutdownSent)
            {
                _shutdown.OnPeerHeard(Timeout, now);
            }

            _transfer.OnPacketEnd(now);
            AdvanceShutdown(now);
        }

        Debug.Assert(IsConsistent());
    }

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    public void HandleTimeout(Instant now)
    {
        _now = now;
        if (_handshake.Deadline <= now)
        {
            OnHandshakeTimeout(now);
        }

        if (_shutdown.Deadline <= now)
        {
            _transfer.Rtt.OnTimeout();
            _shutdown.OnTimeout(Timeout, now);
        }

        if (CanTransferData)
        {
            _transfer.OnTimeout(now);
        }

        if (_heartbeat.OnTimeout(Timeout, now) is { } heartbeat)
        {
            _control.Add(heartbeat);
        }

        if (_heartbeat.IsPeerUnreachable || _handshake.IsExhausted || _shutdown.IsExhausted)
        {
            Close(new SctpError(SctpErrorKind.PeerUnreachable));
        }

        AdvanceShutdown(now);
        Debug.Assert(IsConsistent());
    }

    /// <summary>Writes the next packet.</summary>
    /// <param name="destination">At least <see cref="SctpOptions.MaxPacketSize"/> bytes; with <see cref="SctpOptions.PathMtuDiscovery"/> as many as may be tried.</param>
    /// <param name="transmit">Its length, and whether it may be cut into fragments; where it goes is the owner's business.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        if (!_composer.TryWrite(destination, State, _now, out transmit))
        {
            return false;
        }

        _counters.PacketsSent++;
        _counters.BytesSent += transmit.Length;
        return true;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out SctpEvent e)
    {
        if (_events.TryDequeue(out e))
        {
            return true;
        }

        if (!_transfer.Queue.TryTakeFallen(out var streamId))
        {
            return false;
        }

        e = SctpEvent.Of(SctpEventKind.BufferedAmountLow, streamId);
        return true;
    }

    /// <summary>A snapshot of figures.</summary>
    public SctpStatistics GetStatistics() => _transfer.GetStatistics(_counters);

    private bool MaySend(ushort streamId, int length, Instant now)
    {
        _now = now;
        return length == 0
            ? throw new ArgumentException("SCTP has no empty messages.", nameof(length))
            : State <= SctpAssociationState.Established && (_handshake.Identity.Peer is null || streamId < OutgoingStreams);
    }

    private void HandleChunks(in PacketView packet, Instant now)
    {
        if (State == SctpAssociationState.Closed)
        {
            if (_handshake.Identity.PeerTag is not 0 and var peerTag && OutOfTheBlue.AnswerAfterEnd(packet) is { } answer)
            {
                _control.AddAlone(peerTag, answer);
            }

            return;
        }

        var chunks = packet.Chunks;
        while (State != SctpAssociationState.Closed && chunks.TryRead(out var chunk) && HandleChunk(chunk, packet.Header.VerificationTag, now))
        {
        }
    }

    // Returns whether to go on with the packet's next chunk.
    private bool HandleChunk(ChunkView chunk, uint packetTag, Instant now)
    {
        switch (chunk.Type)
        {
            case ChunkType.Data or ChunkType.InterleavedData or ChunkType.Sack or ChunkType.ReConfig or ChunkType.ForwardTsn
                or ChunkType.InterleavedForwardTsn:
                return OnTransferChunk(chunk, now);
            case ChunkType.Init when State == SctpAssociationState.ShutdownAckSent:
                // RFC 9260 9.2: the peer seems to have missed SHUTDOWN ACK.
                _shutdown.Repeat();
                return false;
            case ChunkType.Init:
                _handshake.OnInit(chunk, State, now);
                return false;
            case ChunkType.InitAck:
                return State == SctpAssociationState.CookieWait && Conclude(_handshake.OnInitAck(chunk, Timeout, now), now);
            case ChunkType.CookieEcho:
                return Conclude(_handshake.OnCookieEcho(chunk, packetTag, State, now), now);
            case ChunkType.CookieAck:
                return State != SctpAssociationState.CookieEchoed || Conclude(HandshakeStep.Established, now);
            case ChunkType.Error:
                return State != SctpAssociationState.CookieEchoed || Conclude(_handshake.OnError(chunk, Timeout, now), now);
            case ChunkType.Heartbeat when State is SctpAssociationState.New or SctpAssociationState.CookieWait:
                // RFC 9260 8.3: answered from COOKIE-ECHOED on.
                return true;
            case ChunkType.Heartbeat:
                _control.Add(HeartbeatChunk.EncodeAck(chunk));
                return true;
            case ChunkType.HeartbeatAck:
                if (_heartbeat.OnAck(chunk, now, out var roundTripTime))
                {
                    _transfer.Rtt.OnMeasured(roundTripTime);
                }
                else if (_transfer.Path.OnAck(chunk, now))
                {
                    _heartbeat.OnAnswer(now);
                }

                return true;
            case ChunkType.Padding:
                // RFC 4820 3: nothing but length.
                return true;
            case ChunkType.Abort:
                var abort = AbortChunk.Parse(chunk);
                Close(new SctpError(SctpErrorKind.AbortedByPeer, abort.CauseCode, abort.Reason));
                return false;
            case ChunkType.Shutdown:
                return OnShutdown(chunk, now);
            case ChunkType.ShutdownAck when State is SctpAssociationState.ShutdownSent or SctpAssociationState.ShutdownAckSent:
                _control.AddAlone(_handshake.Identity.PeerTag, EncodedChunk.Create(ChunkType.ShutdownComplete, 0, 0));
                Close(error: null);
                return false;
            case ChunkType.ShutdownAck when OutOfTheBlue.IsBeingMade(State):
                // RFC 9260 8.5.1 E: the peer is still ending an association that this side has forgotten.
                _control.AddAlone(packetTag, EncodedChunk.Create(ChunkType.ShutdownComplete, AbortChunk.ReflectedTagFlag, 0));
                return false;
            case ChunkType.ShutdownComplete when State == SctpAssociationState.ShutdownAckSent:
                Close(error: null);
                return false;
            case ChunkType.ShutdownAck or ChunkType.ShutdownComplete:
                return false;
            default:
                if (OutOfTheBlue.MustReport(chunk) && CanTransferData)
                {
                    _control.Add(ErrorChunk.Encode(CauseCode.UnrecognizedChunkType, chunk.Bytes));
                }

                return OutOfTheBlue.MaySkip(chunk);
        }
    }

    private bool OnTransferChunk(ChunkView chunk, Instant now)
    {
        // Deviation: RFC 9260 5.1 waits for COOKIE ACK. Whoever sends data or SACKs with the right tag has taken the cookie; its COOKIE ACK was lost.
        if (State == SctpAssociationState.CookieEchoed)
        {
            Conclude(HandshakeStep.Established, now);
        }

        if (!CanTransferData)
        {
            return true;
        }

        if (State == SctpAssociationState.ShutdownSent && chunk.Type is ChunkType.Data or ChunkType.InterleavedData)
        {
            // RFC 9260 9.2: what still arrives is answered by SACK and SHUTDOWN.
            _shutdown.Repeat();
        }

        var verdict = _transfer.OnChunk(chunk, now);
        return !verdict.IsFatal || EndWith(verdict);
    }

    // Draws the conclusions from a step of the handshake; returns whether to go on with the packet's next chunk.
    private bool Conclude(HandshakeStep step, Instant now)
    {
        switch (step)
        {
            case HandshakeStep.None:
                return true;
            case HandshakeStep.Discard:
                return false;
            case HandshakeStep.PeerKnown:
                _transfer.Begin(_handshake.Identity);
                TransitionTo(SctpAssociationState.CookieEchoed);
                return false;
            case HandshakeStep.Established:
                if (State != SctpAssociationState.CookieEchoed)
                {
                    _transfer.Begin(_handshake.Identity);
                }

                OnEstablished(now);
                return true;
            case HandshakeStep.Restarted:
                // RFC 9260 5.2.4.1: the old association's data is lost; the new one takes its place.
                Log.PeerRestarted(_logger);
                _control.ClearBundled();
                _shutdown.Stop();
                _transfer.Clear();
                _transfer.Begin(_handshake.Identity);
                _events.Enqueue(SctpEvent.Of(SctpEventKind.PeerRestarted));
                OnEstablished(now);
                return true;
            case HandshakeStep.ShuttingDown:
                _shutdown.Repeat();
                return false;
            case HandshakeStep.BeginAgain:
                // What went along with the stale cookie goes along with the next.
                _transfer.OnCookieTimeout(now);
                TransitionTo(SctpAssociationState.CookieWait);
                return false;
            case HandshakeStep.Unacceptable:
                return EndWith(ChunkVerdict.Violation("unacceptable INIT ACK"));
            default:
                throw new UnreachableException();
        }
    }

    private void OnEstablished(Instant now)
    {
        _handshake.OnEstablished();
        _heartbeat.Start(now);
        TransitionTo(SctpAssociationState.Established);
    }

    private bool OnShutdown(ChunkView chunk, Instant now)
    {
        if (!ShutdownChunk.TryParse(chunk, out var cumulative))
        {
            return EndWith(ChunkVerdict.Violation("malformed SHUTDOWN"));
        }

        switch (State)
        {
            case SctpAssociationState.Established or SctpAssociationState.ShutdownPending or SctpAssociationState.ShutdownReceived:
                TransitionTo(SctpAssociationState.ShutdownReceived);
                _transfer.OnCumulative(cumulative, now);
                break;
            case SctpAssociationState.ShutdownSent:
                // RFC 9260 9.2: both have asked; each answers the other.
                _shutdown.Begin(Timeout, now);
                TransitionTo(SctpAssociationState.ShutdownAckSent);
                break;
            case SctpAssociationState.ShutdownAckSent:
                _shutdown.Repeat();
                break;
            case SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.CookieEchoed or SctpAssociationState.Closed:
                break;
        }

        return true;
    }

    private void OnHandshakeTimeout(Instant now)
    {
        _transfer.Rtt.OnTimeout();
        if (State == SctpAssociationState.CookieEchoed)
        {
            _transfer.OnCookieTimeout(now);
        }

        _handshake.OnTimeout(State, Timeout, now);
    }

    // RFC 9260 9.2: the next step follows when everything sent has been acknowledged.
    private void AdvanceShutdown(Instant now)
    {
        if (State is SctpAssociationState.ShutdownPending or SctpAssociationState.ShutdownReceived && _transfer.IsSendingDone)
        {
            // RFC 9260 8.3: from here on T2 asks whether the peer is there.
            _heartbeat.Stop();
            _shutdown.Begin(Timeout, now);
            TransitionTo(State == SctpAssociationState.ShutdownPending ? SctpAssociationState.ShutdownSent : SctpAssociationState.ShutdownAckSent);
        }
    }

    private bool EndWith(ChunkVerdict verdict)
    {
        SendAbort(verdict.CauseCode, verdict.Information);
        Close(new SctpError(SctpErrorKind.ProtocolViolation, verdict.CauseCode, verdict.Reason));
        return false;
    }

    private void SendAbort(ushort causeCode, ReadOnlySpan<byte> information)
    {
        if (_handshake.Identity.PeerTag != 0)
        {
            _control.AddAlone(_handshake.Identity.PeerTag, AbortChunk.Encode(isTagReflected: false, causeCode, information));
        }
    }

    private void Close(SctpError? error)
    {
        if (State == SctpAssociationState.Closed)
        {
            return;
        }

        Error = error;
        _handshake.Stop();
        _shutdown.Stop();
        _heartbeat.Stop();
        _control.ClearBundled();
        _transfer.Clear();
        if (error is not null)
        {
            Log.Failed(_logger, error);
        }

        TransitionTo(SctpAssociationState.Closed);
    }

    private void TransitionTo(SctpAssociationState state)
    {
        if (State != state)
        {
            Log.StateChanged(_logger, State, state);
            State = state;
            _events.Enqueue(SctpEvent.StateChanged(state, Error));
        }
    }

    private bool IsConsistent() =>
        State is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.Closed || _transfer.HasBegun;
}
