using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>The receiving half of an association: DATA and FORWARD TSN in, messages and SACKs out.</summary>
internal sealed class DataReceiver
{
    // More gap blocks than this tell the peer nothing that it needs now, and leave room for data.
    private const int MaxGapBlocks = 200;
    private readonly ReceiveTracker _tracker;
    private readonly ReceiveBudget _budget;
    private readonly SackPolicy _policy;
    private readonly Queue<ReceivedMessage> _completed = new();
    private readonly ReassemblyQueue _reassembly;
    private readonly int _maxMessageSize;
    private long _delivered;
    private bool _hasData;
    private bool _isUrgent;

    /// <summary>Creates the half for a peer whose first TSN is <paramref name="initialTsn"/>.</summary>
    public DataReceiver(SctpOptions options, Tsn initialTsn)
    {
        _tracker = new ReceiveTracker(initialTsn);
        _budget = new ReceiveBudget(options.ReceiveBufferSize);
        _maxMessageSize = options.MaxReceiveMessageSize;
        _policy = new SackPolicy(options.SackDelay);
        _reassembly = new ReassemblyQueue(_budget, _completed, options.MaxReceiveMessageSize);
    }

    /// <summary>Everything up to here has arrived.</summary>
    public Tsn Cumulative => _tracker.Cumulative;

    /// <summary>The window to announce.</summary>
    public uint Window => _budget.Window;

    /// <summary>DATA chunks that came again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Whether a SACK is to go out now.</summary>
    public bool IsSackDue => _policy.IsDue;

    /// <summary>Whether a SACK may go along with data.</summary>
    public bool IsSackPending => _policy.IsPending;

    /// <summary>When a waiting SACK becomes due.</summary>
    public Instant? SackDeadline => _policy.Deadline;

    /// <summary>Takes a DATA chunk.</summary>
    /// <returns><see langword="false"/> if the peer breaks the protocol.</returns>
    public bool OnData(in DataChunk chunk)
    {
        _hasData = true;
        var tsn = chunk.Tsn;
        var hadGap = _tracker.HasGap;
        switch (_tracker.Check(tsn))
        {
            case TsnStatus.Duplicate:
                Duplicates++;
                _tracker.AddDuplicate(tsn);
                _isUrgent = true;
                return true;
            case TsnStatus.OutOfReach:
                _isUrgent = true;
                return true;
        }

        // RFC 9260 6.2: without room nothing is taken. But if the application holds nothing that it could give back, the TSN that everything else waits for
        // is, so that a message can end.
        var allowance = tsn == Cumulative.Next && _delivered == 0 ? _maxMessageSize : 0;
        if (!_budget.HasRoom(chunk.Payload.Length - allowance))
        {
            _isUrgent = true;
            return true;
        }

        var before = Cumulative;
        var isSane = _reassembly.Add(chunk, before);
        _tracker.Add(tsn);
        if (hadGap)
        {
            _reassembly.ForwardTo(before, Cumulative);
        }

        _isUrgent |= hadGap || _tracker.HasGap || chunk.IsImmediate;
        return isSane;
    }

    /// <summary>Notes a DATA chunk whose content is of no use but whose TSN is acknowledged (RFC 9260, 6.5: unknown stream).</summary>
    public void OnUselessData(Tsn tsn)
    {
        _hasData = true;
        _isUrgent = true;
        if (_tracker.Check(tsn) == TsnStatus.New)
        {
            _tracker.Add(tsn);
        }
    }

    /// <summary>RFC 3758 3.6: takes a FORWARD TSN.</summary>
    public void OnForwardTsn(in ForwardTsnChunk chunk)
    {
        _hasData = true;
        _isUrgent = true;
        if (!chunk.NewCumulativeTsn.IsAfter(Cumulative))
        {
            return;
        }

        _reassembly.ForwardTo(Cumulative, chunk.NewCumulativeTsn);
        _tracker.ForwardTo(chunk.NewCumulativeTsn);
        for (var i = 0; i < chunk.StreamCount; i++)
        {
            var (streamId, ssn) = chunk.GetStream(i);
            _reassembly.SkipTo(streamId, ssn);
        }
    }

    /// <summary>Ends a packet: decides on its acknowledgement.</summary>
    public void OnPacketEnd(Instant now)
    {
        if (_hasData)
        {
            _policy.OnPacket(_isUrgent, now);
        }

        _hasData = false;
        _isUrgent = false;
    }

    /// <summary>Makes a SACK due.</summary>
    public void RequestSack() => _policy.RequestNow();

    /// <summary>Makes a SACK due whose wait is over.</summary>
    public void OnTimeout(Instant now) => _policy.OnTimeout(now);

    /// <summary>Adds a SACK if it fits.</summary>
    public bool TryWriteSack(ref PacketWriter packet)
    {
        var room = packet.Remaining - ChunkView.HeaderLength - SackChunk.FixedLength - (_tracker.DuplicateCount * SackChunk.EntryLength);
        if (room < 0)
        {
            return false;
        }

        var gaps = _tracker.HasGap ? _tracker.CountGaps(Math.Min(MaxGapBlocks, room / SackChunk.EntryLength)) : 0;
        var report = SackChunk.Write(ref packet, Cumulative, _budget.Announce(), gaps, _tracker.DuplicateCount);
        _tracker.WriteReport(report, gaps);
        _policy.OnSent();
        return true;
    }

    /// <summary>Takes the next message to be delivered. Its <see cref="ReceivedMessage.Cost"/> counts until <see cref="Release"/>.</summary>
    public bool TryTakeMessage(out ReceivedMessage message)
    {
        var isTaken = _completed.TryDequeue(out message);
        _delivered += isTaken ? message.Cost : 0;
        return isTaken;
    }

    /// <summary>Gives back what a delivered message cost, and tells the peer if its window was nearly shut.</summary>
    public void Release(int cost)
    {
        _budget.Free(cost);
        _delivered = Math.Max(0, _delivered - cost);
        if (_budget.ShouldAnnounce)
        {
            _policy.RequestNow();
        }
    }

    /// <summary>The peer's stream begins anew.</summary>
    public void ResetStream(ushort streamId) => _reassembly.ResetStream(streamId);

    /// <summary>All of the peer's streams begin anew.</summary>
    public void ResetAllStreams() => _reassembly.ResetAllStreams();

    /// <summary>Frees everything that has not been delivered.</summary>
    public void Clear()
    {
        _reassembly.Clear();
        while (_completed.TryDequeue(out var message))
        {
            message.Buffer?.Dispose();
        }
    }
}
