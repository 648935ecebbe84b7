using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Control;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Receive;
using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp.Transfer;

/// <summary>
/// Everything about data once the peer is known: the sending half, the receiving half and stream reset, made together and thrown away together. Messages may
/// be queued before.
/// </summary>
internal sealed class DataTransfer
{
    // Four packets for each SACK and round trip are 2.4 MB/s here.
    private static readonly TimeSpan NearPeer = TimeSpan.FromMilliseconds(2);

    private readonly SctpOptions _options;
    private readonly ControlQueue _control;
    private readonly HeartbeatMonitor _heartbeat;
    private readonly Queue<SctpEvent> _events;
    private readonly ILogger _logger;
    private DataSender? _sender;
    private DataReceiver? _receiver;
    private StreamResetter? _resetter;
    private ushort _incomingStreams;
    private Tsn? _initialTsn;

    /// <summary>Creates the place for it.</summary>
    public DataTransfer(SctpOptions options, PathMtuDiscovery path, ControlQueue control, HeartbeatMonitor heartbeat, Queue<SctpEvent> events, ILogger logger)
    {
        _options = options;
        Path = path;
        _control = control;
        _heartbeat = heartbeat;
        _events = events;
        _logger = logger;
        Rtt = new RttEstimator(options);
        Queue = new SendQueue(options.Scheduling);
    }

    /// <summary>Messages not yet sent.</summary>
    public SendQueue Queue { get; }

    /// <summary>How large packets may be.</summary>
    public PathMtuDiscovery Path { get; }

    /// <summary>Round-trip time and timeout.</summary>
    public RttEstimator Rtt { get; }

    /// <summary>Whether the peer is known.</summary>
    public bool HasBegun => _sender is not null;

    /// <summary>Whether everything queued has been sent and acknowledged.</summary>
    public bool IsSendingDone => _sender?.IsDone ?? Queue.Count == 0;

    /// <summary>Everything up to here has arrived; only after <see cref="Begin"/>.</summary>
    public Tsn Cumulative => _receiver!.Cumulative;

    /// <summary>When <see cref="OnTimeout"/> is due.</summary>
    public Instant? Deadline =>
        Instant.Earliest(Instant.Earliest(_sender?.Deadline, Path.Deadline), Instant.Earliest(_receiver?.SackDeadline, _resetter?.Deadline));

    /// <summary>Begins, or begins anew, with what is known of the peer.</summary>
    public void Begin(AssociationHandshake identity)
    {
        var peer = identity.Peer!;
        var localInitialTsn = identity.LocalInitialTsn;
        _incomingStreams = identity.IncomingStreams;

        // A handshake that is repeated because the cookie was stale goes on with the data that travelled with that cookie.
        if (_sender is null || _initialTsn != localInitialTsn)
        {
            _initialTsn = localInitialTsn;
            Queue.Configure(identity.IsInterleaving, peer.PeerWindow, Path.PacketSize - CommonHeader.Length - InterleavedDataChunk.HeaderLength);
            _sender = new DataSender(_options, Queue, localInitialTsn, Path, Rtt);
        }

        _sender.PeerWindow = peer.PeerWindow;
        _sender.IsForwardTsnSupported = identity.MayAbandon;
        _receiver = new DataReceiver(_options, peer.PeerInitialTsn, identity.IsInterleaving, _incomingStreams);
        _resetter = new StreamResetter(Queue, _control, _events, localInitialTsn, peer.PeerInitialTsn);
        Log.PeerKnown(_logger, identity.OutgoingStreams, _incomingStreams, identity.IsInterleaving);
    }

    /// <summary>Takes a chunk of data or about data.</summary>
    public ChunkVerdict OnChunk(ChunkView chunk, Instant now) => chunk.Type switch
    {
        ChunkType.Data => OnData(chunk),
        ChunkType.InterleavedData => OnInterleavedData(chunk),
        ChunkType.Sack => OnSack(chunk, now),
        ChunkType.ForwardTsn => OnForwardTsn(chunk),
        ChunkType.InterleavedForwardTsn => OnInterleavedForwardTsn(chunk),
        ChunkType.ReConfig => OnReConfig(chunk, now),
        _ => throw new UnreachableException(),
    };

    /// <summary>Takes the cumulative acknowledgement of a SHUTDOWN.</summary>
    public void OnCumulative(Tsn cumulative, Instant now) => _sender!.OnCumulative(cumulative, now);

    /// <summary>Ends a packet: decides on its acknowledgement and does what had to wait for its data.</summary>
    public void OnPacketEnd(Instant now)
    {
        _receiver?.OnPacketEnd(now);
        if (_receiver is not null)
        {
            _resetter!.PerformDeferred(_receiver);
        }
    }

    /// <summary>Takes the deadline. What stays unanswered is counted.</summary>
    public void OnTimeout(Instant now)
    {
        if (_sender?.OnTimeout(now) ?? false)
        {
            // RFC 9260 6.1 A: a full peer that answers is not a dead one; its SACKs reset the count.
            _heartbeat.OnUnanswered();
            Log.RetransmissionTimeout(_logger, _sender.UnacknowledgedChunks, Rtt.Timeout);
        }

        Path.OnTimeout(now);
        _receiver?.OnTimeout(now);
        if (_resetter?.OnTimeout(Rtt.Timeout, now) ?? false)
        {
            Rtt.OnTimeout();
            _heartbeat.OnUnanswered();
        }
    }

    /// <summary>Takes what went along with an unanswered COOKIE ECHO for lost.</summary>
    public void OnCookieTimeout(Instant now) => _sender?.OnRetransmissionTimeout(now);

    /// <summary>The path is another one.</summary>
    public void OnPathChanged()
    {
        Rtt.OnPathChanged();
        Path.OnPathChanged();
        _sender?.OnPathChanged();
    }

    /// <summary>Asks for an outgoing stream to be reset.</summary>
    public void ResetStream(ushort streamId) => _resetter?.Request(streamId);

    /// <summary>Gives back the window of a delivered message.</summary>
    public void Release(int messageLength) => _receiver?.Release(messageLength + ReceiveBudget.MessageOverhead);

    /// <summary>Whether a SACK is to leave before another packet is handled; see <see cref="SctpAssociation.IsSackAwaited"/>.</summary>
    public bool IsSackAwaited => (_receiver?.IsSackDue ?? false) && !(Rtt.Shortest < NearPeer);

    /// <summary>Whether a packet with data may go out.</summary>
    public bool CanWriteData(Instant now) => _sender?.CanWrite(now) ?? false;

    /// <summary>Adds a SACK if one is due, or if one is pending and <paramref name="goesAlong"/> with data.</summary>
    public void WriteSack(ref PacketWriter packet, bool goesAlong)
    {
        if (_receiver!.IsSackDue || (goesAlong && _receiver.IsSackPending))
        {
            _receiver.TryWriteSack(ref packet);
        }
    }

    /// <summary>Queues the next stream reset if streams are ready for it.</summary>
    public void AdvanceReset(Instant now) => _resetter!.Advance(_sender!.LastTsn, Rtt.Timeout, now);

    /// <summary>Whether the fragment to be sent next fits no packet of today's size; see <see cref="DataSender.TryPeekOversize"/>.</summary>
    public bool TryPeekOversize(Instant now, out int packetSize)
    {
        packetSize = 0;
        return _sender?.TryPeekOversize(now, out packetSize) ?? false;
    }

    /// <summary>Adds data.</summary>
    public void WriteData(ref PacketWriter packet, Instant now) => _sender!.Write(ref packet, now);

    /// <summary>Forgets everything that is queued, outstanding or undelivered.</summary>
    public void Clear()
    {
        _sender?.Clear();
        Path.OnPathChanged();
        _initialTsn = null;
        Queue.Clear();
        _receiver?.Clear();
    }

    /// <summary>A snapshot of figures.</summary>
    public SctpStatistics GetStatistics(in AssociationCounters counters) => new()
    {
        PacketsSent = counters.PacketsSent,
        PacketsReceived = counters.PacketsReceived,
        BytesSent = counters.BytesSent,
        BytesReceived = counters.BytesReceived,
        PacketsDiscarded = counters.PacketsDiscarded,
        Retransmissions = _sender?.Retransmissions ?? 0,
        RetransmissionTimeouts = _sender?.Timeouts ?? 0,
        TailLossProbes = _sender?.TailProbes ?? 0,
        PathMtuProbes = Path.ProbesSent,
        PathMtuBlackHoles = Path.BlackHoles,
        DuplicatesReceived = _receiver?.Duplicates ?? 0,
        MessagesAbandoned = _sender?.Abandoned ?? 0,
        MessagesAbandonedUnsent = Queue.Expired,
        IsInterleaving = Queue.IsInterleaving,
        RoundTripTime = Rtt.Smoothed,
        CongestionWindow = _sender?.Congestion.Window ?? 0,
        SlowStartThreshold = _sender?.Congestion.SlowStartThreshold ?? 0,
        ReceiverWindow = _sender?.PeerWindow ?? 0,
        LocalReceiverWindow = _receiver?.Window ?? (uint)_options.ReceiveBufferSize,
        Mtu = Path.PacketSize,
        BytesInFlight = _sender?.BytesInFlight ?? 0,
        UnacknowledgedChunks = _sender?.UnacknowledgedChunks ?? 0,
    };

    private ChunkVerdict OnData(ChunkView chunk)
    {
        if (Queue.IsInterleaving)
        {
            return ChunkVerdict.Violation("DATA where I-DATA was negotiated");
        }

        return DataChunk.TryParse(chunk, out var data) ? OnFragment(IncomingFragment.Of(data)) : ChunkVerdict.Violation("DATA too short");
    }

    private ChunkVerdict OnInterleavedData(ChunkView chunk)
    {
        if (!Queue.IsInterleaving)
        {
            return ChunkVerdict.Violation("I-DATA that was not negotiated");
        }

        return InterleavedDataChunk.TryParse(chunk, out var data) ? OnFragment(IncomingFragment.Of(data)) : ChunkVerdict.Violation("I-DATA too short");
    }

    private ChunkVerdict OnFragment(in IncomingFragment fragment)
    {
        if (fragment.Payload.IsEmpty)
        {
            // RFC 9260 6.2, RFC 8260 2.2.3: ABORT with the TSN of the chunk that has no user data.
            var tsn = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(tsn, fragment.Tsn.Value);
            return new ChunkVerdict(CauseCode.NoUserData, tsn, "DATA without user data");
        }

        var streamId = fragment.Description.StreamId;
        if (streamId >= _incomingStreams)
        {
            // RFC 9260 6.5: acknowledged, reported, thrown away.
            _receiver!.OnUselessData(fragment.Tsn);
            _control.Add(ErrorChunk.Encode(CauseCode.InvalidStreamIdentifier, [(byte)(streamId >> 8), (byte)streamId, 0, 0]));
            return ChunkVerdict.Fine;
        }

        var verdict = _receiver!.OnData(fragment);
        DeliverMessages();
        return verdict;
    }

    private ChunkVerdict OnSack(ChunkView chunk, Instant now)
    {
        if (!SackChunk.TryParse(chunk, out var sack))
        {
            return ChunkVerdict.Violation("malformed SACK");
        }

        if (_sender!.OnSack(sack, now))
        {
            _heartbeat.OnAnswer(now);
        }
        else
        {
            Log.PacketDiscarded(_logger, "SACK stale or of data never sent");
        }

        return ChunkVerdict.Fine;
    }

    private ChunkVerdict OnForwardTsn(ChunkView chunk)
    {
        if (Queue.IsInterleaving)
        {
            return ChunkVerdict.Violation("FORWARD TSN where I-DATA was negotiated");
        }

        if (!ForwardTsnChunk.TryParse(chunk, out var forward))
        {
            return ChunkVerdict.Violation("malformed FORWARD TSN");
        }

        _receiver!.OnForwardTsn(forward);
        DeliverMessages();
        return ChunkVerdict.Fine;
    }

    private ChunkVerdict OnInterleavedForwardTsn(ChunkView chunk)
    {
        if (!Queue.IsInterleaving)
        {
            return ChunkVerdict.Violation("I-FORWARD-TSN where I-DATA was not negotiated");
        }

        if (!InterleavedForwardTsnChunk.TryParse(chunk, out var forward))
        {
            return ChunkVerdict.Violation("malformed I-FORWARD-TSN");
        }

        _receiver!.OnForwardTsn(forward);
        DeliverMessages();
        return ChunkVerdict.Fine;
    }

    private ChunkVerdict OnReConfig(ChunkView chunk, Instant now)
    {
        _heartbeat.OnAnswer(now);
        return _resetter!.OnReConfig(chunk, _receiver!, Rtt.Timeout, now) ? ChunkVerdict.Fine : ChunkVerdict.Violation("malformed RE-CONFIG");
    }

    private void DeliverMessages()
    {
        while (_receiver!.TryTakeMessage(out var message))
        {
            if (message.Buffer is { } buffer)
            {
                _events.Enqueue(SctpEvent.MessageReceived(message.StreamId, message.PayloadProtocolId, buffer));
            }
            else
            {
                _receiver.Release(message.Cost);
                _events.Enqueue(SctpEvent.Of(SctpEventKind.MessageDropped, message.StreamId));
            }
        }
    }
}
