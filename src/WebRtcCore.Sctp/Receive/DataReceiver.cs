using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Transfer;

namespace WebRtcCore.Sctp.Receive;

/// <summary>The receiving half of an association: DATA or I-DATA and what skips it in, messages and SACKs out.</summary>
internal sealed class DataReceiver
{
    // More gap blocks than this tell the peer nothing that it needs now, and leave room for data.
    private const int MaxGapBlocks = 200;
    private readonly ReceiveTracker _tracker;
    private readonly ReceiveBudget _budget;
    private readonly SackPolicy _policy;
    private readonly Queue<ReceivedMessage> _completed = new();
    private readonly IReassemblyQueue _reassembly;
    private readonly int _allowance;
    private readonly int _streams;
    private long _delivered;
    private bool _hasData;
    private bool _isUrgent;

    /// <summary>Creates the half.</summary>
    /// <param name="options">Sizes.</param>
    /// <param name="initialTsn">The peer's first TSN.</param>
    /// <param name="isInterleaving">Whether the peer sends I-DATA instead of DATA.</param>
    /// <param name="streams">How many streams it may use.</param>
    public DataReceiver(SctpOptions options, Tsn initialTsn, bool isInterleaving = false, int streams = ushort.MaxValue)
    {
        _tracker = new ReceiveTracker(initialTsn);
        _budget = new ReceiveBudget(options.ReceiveBufferSize);
        _policy = new SackPolicy(options.SackDelay);
        _streams = streams;
        var order = new MessageOrder(_budget, _completed, isInterleaving);
        _reassembly = isInterleaving
            ? new InterleavedReassemblyQueue(_budget, order, options.MaxReceiveMessageSize)
            : new ReassemblyQueue(_budget, order, options.MaxReceiveMessageSize);

        // With DATA one message at a time has to end before anything can be given back; with I-DATA several may be under way.
        _allowance = isInterleaving ? Math.Max(options.ReceiveBufferSize, options.MaxReceiveMessageSize) : options.MaxReceiveMessageSize;
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

    /// <summary>Takes the fragment of a DATA or I-DATA chunk.</summary>
    public ChunkVerdict OnData(in IncomingFragment data)
    {
        _hasData = true;
        var tsn = data.Tsn;
        var hadGap = _tracker.HasGap;
        switch (_tracker.Check(tsn))
        {
            case TsnStatus.Duplicate:
                Duplicates++;
                _tracker.AddDuplicate(tsn);
                _isUrgent = true;
                return ChunkVerdict.Fine;
            case TsnStatus.OutOfReach:
                _isUrgent = true;
                return ChunkVerdict.Fine;
        }

        // RFC 9260 6.2: without room nothing is taken. But if the application holds nothing that it could give back, the TSN that everything else waits for
        // is, so that a message can end.
        var isAwaited = tsn == Cumulative.Next && _delivered == 0;
        if (!_budget.HasRoom(data.Payload.Length - (isAwaited ? _allowance : 0)) || !_reassembly.HasPlaceFor(data.Description))
        {
            _isUrgent = true;
            return isAwaited ? ChunkVerdict.OutOfResource("more messages begun than there is room for") : ChunkVerdict.Fine;
        }

        var before = Cumulative;
        var isSane = _reassembly.Add(data, before);
        _tracker.Add(tsn);
        if (hadGap)
        {
            _reassembly.ForwardTo(before, Cumulative);
        }

        _isUrgent |= hadGap || _tracker.HasGap || data.Description.IsImmediate;
        return isSane ? ChunkVerdict.Fine : ChunkVerdict.Violation("fragments that do not belong together");
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
        if (MoveTo(chunk.NewCumulativeTsn))
        {
            for (var i = 0; i < chunk.StreamCount; i++)
            {
                Skip(chunk.GetStream(i));
            }
        }
    }

    /// <summary>RFC 8260 2.3.1: takes an I-FORWARD-TSN.</summary>
    public void OnForwardTsn(in InterleavedForwardTsnChunk chunk)
    {
        if (MoveTo(chunk.NewCumulativeTsn))
        {
            for (var i = 0; i < chunk.StreamCount; i++)
            {
                Skip(chunk.GetStream(i));
            }
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
    // Returns whether there is anything to skip; an old FORWARD TSN is only acknowledged.
    private bool MoveTo(Tsn newCumulative)
    {
        _hasData = true;
        _isUrgent = true;
        if (!newCumulative.IsAfter(Cumulative))
        {
            return false;
        }

        _reassembly.ForwardTo(Cumulative, newCumulative);
        _tracker.ForwardTo(newCumulative);
        return true;
    }

    // Streams that the peer does not have would only fill the table.
    private void Skip(in SkippedMessages skipped)
    {
        if (skipped.StreamId < _streams)
        {
            _reassembly.Skip(skipped);
        }
    }
}
