using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>The sending half of an association: decides what DATA and FORWARD TSN goes into the next packet, and learns from SACKs.</summary>
internal sealed class DataSender
{
    // A fragment smaller than this is not worth its header: the message begins in the next packet.
    private const int LeastFragment = 64;
    // RFC 9260 6.1 D, Max.Burst: what may leave at once beyond twice what a SACK acknowledged. Deviation: the RFC has 4 packets; a SACK here stands for a batch.
    private const int MaxBurstPackets = 32;
    private readonly SendQueue _queue;
    private readonly RetransmissionQueue _outstanding;
    private readonly FragmentWriter _writer;
    private readonly RttEstimator _rtt;
    private readonly ICongestionController _congestion;
    private readonly TailProbe _tail = new();
    private readonly int _maxBurst;
    private readonly bool _usesTailProbes;
    private readonly PathMtuDiscovery _path;
    private long _burstEnd;
    private Tsn _recoveryEnd;
    private Tsn _roundEnd;
    private Instant _lastRetransmission;
    private bool _isInRecovery;
    private bool _isWindowLimiting;
    private bool _mayExceedWindow;
    private bool _mayProbe;
    private bool _isForwardDue;
    private Tsn _forwarded;
    private Instant _lastSent;
    private Instant _lastForward;

    /// <summary>Creates the half.</summary>
    public DataSender(SctpOptions options, SendQueue queue, Tsn initialTsn, PathMtuDiscovery path, RttEstimator rtt)
    {
        _writer = new FragmentWriter(queue.IsInterleaving);
        _queue = queue;
        _outstanding = new RetransmissionQueue(queue, initialTsn, path, options.LossDetection);
        _rtt = rtt;
        var packets = options.InitialCongestionWindowPackets;
        var isPlain = options.LossDetection == LossDetection.ThreeReports;
        _congestion = options.CongestionControl == SctpCongestionControl.Cubic
            ? new CubicController(path.PacketSize, packets)
            : new NewRenoController(path.PacketSize, packets, isPlain ? 1 : NewRenoController.MostPacketsPerSack);
        _maxBurst = isPlain ? 4 : MaxBurstPackets;
        _usesTailProbes = !isPlain;
        _path = path;
        _burstEnd = (long)_maxBurst * path.PacketSize;
        _forwarded = _outstanding.Cumulative;
        _roundEnd = _outstanding.Cumulative;
    }

    /// <summary>The window that the peer announced last.</summary>
    public long PeerWindow { get; set; }

    /// <summary>Whether the peer understands FORWARD TSN; otherwise every message is reliable.</summary>
    public bool IsForwardTsnSupported
    {
        get => _outstanding.MayAbandon;
        set => _outstanding.MayAbandon = value;
    }

    /// <summary>When the retransmission timer expires.</summary>
    public Instant? RetransmissionDeadline { get; private set; }

    /// <summary>When <see cref="OnTimeout"/> is due: the retransmission timer, a tail-loss probe, or the end of a wait for something overtaken.</summary>
    public Instant? Deadline => Instant.Earliest(RetransmissionDeadline, Instant.Earliest(_tail.Deadline, _outstanding.ReorderingDeadline));

    /// <summary>The TSN of the last fragment sent.</summary>
    public Tsn LastTsn => _outstanding.Next.Previous;

    /// <summary>Whether everything queued has been sent and acknowledged.</summary>
    public bool IsDone => _queue.Count == 0 && _outstanding.Count == 0;

    /// <summary>Bytes in flight.</summary>
    public long BytesInFlight => _outstanding.BytesInFlight;

    /// <summary>Fragments not acknowledged.</summary>
    public int UnacknowledgedChunks => _outstanding.Count;

    /// <summary>The congestion window.</summary>
    public ICongestionController Congestion => _congestion;

    /// <summary>DATA chunks sent again.</summary>
    public long Retransmissions { get; private set; }

    /// <summary>Tail-loss probes sent.</summary>
    public long TailProbes { get; private set; }

    /// <summary>Expiries of the retransmission timer.</summary>
    public long Timeouts { get; private set; }

    /// <summary>Messages given up.</summary>
    public long Abandoned => _outstanding.Abandoned + _queue.Expired;

    private bool IsBehind => _outstanding.PeerPoint.Value.IsAfter(_outstanding.Cumulative);

    /// <summary>Whether <see cref="Write"/> would add a chunk to an empty packet.</summary>
    public bool CanWrite(Instant now)
    {
        if (_isForwardDue && IsBehind)
        {
            return true;
        }

        if (_outstanding.TryPeekLost(now, out var lost))
        {
            return MayRetransmit(_outstanding.Get(lost).Length);
        }

        if (_tail.IsDue && CanProbe(now))
        {
            return true;
        }

        var hasNew = TryPeekNew(now, out var message);
        if (hasNew && MaySend(message.Length - message.Cut))
        {
            return true;
        }

        if (_isForwardDue && IsBehind)
        {
            return true;
        }

        if (!hasNew)
        {
            return false;
        }

        if (_outstanding.Count == 0)
        {
            // Nothing is under way that would bring news of the window: it is probed when the timer expires.
            RetransmissionDeadline ??= now + _rtt.Timeout;
        }

        return false;
    }

    /// <summary>
    /// Whether the fragment to be sent next is of a time when packets were larger, and fits none of today's: it cannot be cut again. It needs a packet of its own of
    /// <paramref name="packetSize"/> bytes, which may be cut into fragments on its way.
    /// </summary>
    public bool TryPeekOversize(Instant now, out int packetSize)
    {
        packetSize = 0;
        if (!_outstanding.TryPeekLost(now, out var lost))
        {
            return false;
        }

        var length = _outstanding.Get(lost).Length;
        packetSize = CommonHeader.Length + _writer.HeaderLength + Padding.RoundUp(length);
        return packetSize > _path.PacketSize && MayRetransmit(length);
    }

    /// <summary>Adds FORWARD TSN, then retransmissions, then new data, as far as windows and room allow.</summary>
    public void Write(ref PacketWriter packet, Instant now)
    {
        if (_isForwardDue)
        {
            WriteForwardTsn(ref packet, now);
        }

        var before = packet.Remaining;
        _congestion.PacketSize = _path.PacketSize;
        ForgetOldWindow(now);
        WriteLost(ref packet, now);
        if (!_outstanding.HasLost)
        {
            if (_tail.IsDue)
            {
                WriteProbe(ref packet, now);
            }

            WriteNew(ref packet, now);
        }

        if (packet.Remaining != before)
        {
            // RFC 9260 7.2.4 (3): the first packet of fast retransmission goes out whatever the window says.
            _mayExceedWindow = false;
            _lastSent = now;
            RetransmissionDeadline ??= now + _rtt.Timeout;
            AwaitTail(now);
        }
    }

    /// <summary>Takes a SACK.</summary>
    /// <returns><see langword="false"/> if it is stale or acknowledges what was never sent.</returns>
    public bool OnSack(in SackChunk sack, Instant now)
    {
        if (!_outstanding.OnSack(sack, now, out var outcome))
        {
            return false;
        }

        PeerWindow = sack.ReceiverWindow;
        var isProbeDuplicate = TakeDuplicates(sack, now);
        if (_tail.OnAcknowledged(_outstanding.Cumulative, isProbeDuplicate, _outstanding.Rack.Minimum, now))
        {
            outcome.HasLoss = true;
        }

        Learn(outcome, now);
        return true;
    }

    /// <summary>Takes the cumulative acknowledgement of a SHUTDOWN.</summary>
    public bool OnCumulative(Tsn cumulative, Instant now)
    {
        if (!_outstanding.OnCumulativeOnly(cumulative, now, out var outcome))
        {
            return false;
        }

        Learn(outcome, now);
        return true;
    }

    /// <summary>Takes the deadline.</summary>
    /// <returns>Whether the retransmission timer has expired: the peer has not answered.</returns>
    public bool OnTimeout(Instant now)
    {
        if (RetransmissionDeadline <= now)
        {
            OnRetransmissionTimeout(now);
            return true;
        }

        _tail.OnTimeout(now);
        if (_outstanding.ReorderingDeadline <= now && DetectLost(now))
        {
            RetransmissionDeadline = now + _rtt.Timeout;
            ScheduleForward(now);
        }

        return false;
    }

    /// <summary>RFC 9260 6.3.3: the retransmission timer has expired.</summary>
    public void OnRetransmissionTimeout(Instant now)
    {
        RetransmissionDeadline = null;
        _tail.Reset();
        _rtt.OnTimeout();
        if (_outstanding.Count == 0)
        {
            _mayProbe = true;
            return;
        }

        Timeouts++;
        if (PeerWindow > 0 || _outstanding.BytesInFlight > _path.PacketSize)
        {
            _congestion.OnTimeout(now);
        }

        _isInRecovery = false;
        _outstanding.OnTimeout(now);
        _burstEnd = _outstanding.BytesInFlight + ((long)_maxBurst * _path.PacketSize);
        _isForwardDue = IsForwardTsnSupported && IsBehind;
        if (_outstanding.Count > 0)
        {
            RetransmissionDeadline = now + _rtt.Timeout;
        }
    }

    /// <summary>The path is another one: what was learned of the old one does not hold (as RFC 9000, 9.4 has it for QUIC).</summary>
    public void OnPathChanged()
    {
        _congestion.Restart();
        _outstanding.Rack.OnPathChanged();
        _burstEnd = BytesInFlight + ((long)_maxBurst * _path.PacketSize);
    }

    /// <summary>Forgets what is outstanding: the association is over.</summary>
    public void Clear()
    {
        _outstanding.Clear();
        _tail.Reset();
        RetransmissionDeadline = null;
    }

    private void Learn(in SackOutcome outcome, Instant now)
    {
        if (outcome.RoundTripTime is { } sample)
        {
            _rtt.OnMeasured(sample);
        }
        else if (outcome.HasAdvanced)
        {
            _rtt.OnProgress();
        }

        if (_isInRecovery && !_outstanding.Cumulative.IsBefore(_recoveryEnd))
        {
            _isInRecovery = false;
            _outstanding.Rack.OnRecoveryEnd();
        }

        var isRoundOver = !_outstanding.Cumulative.IsBefore(_roundEnd);
        _roundEnd = isRoundOver ? LastTsn : _roundEnd;
        if (outcome.HasLoss)
        {
            BeginRecovery(now);
        }

        var hasLoss = DetectLost(now) || outcome.HasLoss;
        if (!hasLoss && !_isInRecovery && outcome is { AcknowledgedBytes: > 0, HasAdvanced: true })
        {
            _congestion.OnAcknowledged(
                new Acknowledgement(outcome.AcknowledgedBytes, _isWindowLimiting, isRoundOver, outcome.RoundTripTime, _rtt.Smoothed ?? default, now));
        }

        _burstEnd = _outstanding.BytesInFlight + (2L * outcome.AcknowledgedBytes) + ((long)_maxBurst * _path.PacketSize);
        RestartTimer(outcome.HasAdvanced || hasLoss, now);
        AwaitTail(now);
        ScheduleForward(now);
    }

    private bool DetectLost(Instant now)
    {
        var found = _outstanding.DetectLost(_isInRecovery, _rtt.Smoothed, now);
        if (found)
        {
            BeginRecovery(now);
        }

        return found;
    }

    private void BeginRecovery(Instant now)
    {
        if (!_isInRecovery)
        {
            _isInRecovery = true;
            _recoveryEnd = LastTsn;
            _congestion.OnLoss(now);
            _mayExceedWindow = true;
        }
    }

    // RFC 8985 6.2, step 4: what was sent again in vain. The network duplicates too: a report counts only soon after a retransmission.
    private bool TakeDuplicates(in SackChunk sack, Instant now)
    {
        var isProbe = false;
        for (var i = 0; i < sack.DuplicateCount; i++)
        {
            isProbe |= _tail.IsProbe(sack.GetDuplicate(i));
        }

        if (sack.DuplicateCount > 0 && !isProbe && _lastRetransmission != default && now - _lastRetransmission < _rtt.Smoothed * 2)
        {
            _outstanding.Rack.OnDuplicatesReported(_outstanding.Cumulative, _outstanding.Next);
        }

        return isProbe;
    }

    // RFC 8985 7.2: a probe is for a tail; while losses are known or suspected, acknowledgements come anyway.
    private void AwaitTail(Instant now)
    {
        if (!_usesTailProbes || _isInRecovery || BytesInFlight == 0 || _outstanding.HasLost || _outstanding.OutOfOrder > 0)
        {
            _tail.Cancel();
        }
        else
        {
            _tail.Schedule(_rtt.Smoothed, isLonePacket: BytesInFlight <= _path.PacketSize, now);
        }
    }

    private bool CanProbe(Instant now) =>
        (TryPeekNew(now, out var message) && HasPeerRoom(message.Length - message.Cut)) || _outstanding.TryPeekNewest(now, out _);

    // RFC 9260 6.3.2: stopped when nothing is outstanding, restarted when the earliest outstanding TSN is acknowledged.
    private void RestartTimer(bool isEarned, Instant now)
    {
        if (_outstanding.Count == 0)
        {
            RetransmissionDeadline = null;
        }
        else if (isEarned || RetransmissionDeadline is null)
        {
            RetransmissionDeadline = now + _rtt.Timeout;
        }
    }

    // RFC 3758 3.5 C3: at once when there is more to skip, and again when the last one seems to be lost.
    private void ScheduleForward(Instant now)
    {
        var isNews = _outstanding.PeerPoint.Value.IsAfter(_forwarded);
        var seemsLost = now - _lastForward > (_rtt.Smoothed ?? _rtt.Timeout) + TimeSpan.FromMilliseconds(10);
        _isForwardDue |= IsForwardTsnSupported && IsBehind && (isNews || seemsLost);
    }

    private void WriteForwardTsn(ref PacketWriter packet, Instant now)
    {
        _isForwardDue = false;
        if (!IsBehind || !_writer.TryWriteForwardTsn(ref packet, _outstanding, out var covered))
        {
            return;
        }

        _forwarded = covered;
        _lastForward = now;
        RetransmissionDeadline ??= now + _rtt.Timeout;
    }

    private void WriteLost(ref PacketWriter packet, Instant now)
    {
        while (_outstanding.TryPeekLost(now, out var tsn))
        {
            ref readonly var chunk = ref _outstanding.Get(tsn);
            if (packet.Remaining < _writer.HeaderLength + Padding.RoundUp(chunk.Length) || !MayRetransmit(chunk.Length))
            {
                break;
            }

            WriteAgain(ref packet, tsn);
            _outstanding.OnRetransmitted(tsn, PacketLength(packet), now);
            _lastRetransmission = now;
            Retransmissions++;
        }

        // Giving a message up while looking for work may have moved the point to skip to.
        ScheduleForward(now);
    }

    // RFC 7053: whoever sends again wants to know soon.
    private void WriteAgain(ref PacketWriter packet, Tsn tsn)
    {
        ref readonly var chunk = ref _outstanding.Get(tsn);
        _writer.Write(ref packet, (byte)(chunk.Flags | DataChunk.ImmediateFlag), tsn, chunk);
    }

    // RFC 8985 7.3: new data if there is some, otherwise what was sent last; whatever the congestion window says.
    private void WriteProbe(ref PacketWriter packet, Instant now)
    {
        var before = LastTsn;
        _mayExceedWindow = true;
        WriteNew(ref packet, now);
        _mayExceedWindow = false;
        if (LastTsn != before)
        {
            _tail.OnSent(LastTsn, isRepetition: false, now);
        }
        else if (_outstanding.TryPeekNewest(now, out var tsn)
            && packet.Remaining >= _writer.HeaderLength + Padding.RoundUp(_outstanding.Get(tsn).Length))
        {
            WriteAgain(ref packet, tsn);
            _outstanding.OnRepeated(tsn, PacketLength(packet), now);
            _tail.OnSent(tsn, isRepetition: true, now);
            Retransmissions++;
        }
        else
        {
            _tail.Cancel();
            return;
        }

        TailProbes++;
        RetransmissionDeadline = now + _rtt.Timeout;
    }

    private void WriteNew(ref PacketWriter packet, Instant now)
    {
        _isWindowLimiting = false;
        while (TryPeekNew(now, out var message))
        {
            var left = message.Length - message.Cut;
            var room = packet.Remaining - _writer.HeaderLength;
            if (left > room && (room < LeastFragment || message.Length <= LeastFragment))
            {
                break;
            }

            var length = Math.Min(left, Padding.RoundDown(room));
            if (!MaySend(length))
            {
                break;
            }

            WriteFragment(ref packet, message, length, now);
        }
    }

    private void WriteFragment(ref PacketWriter packet, OutgoingMessage message, int length, Instant now)
    {
        var offset = message.Cut;
        _mayProbe = false;
        _queue.Cut(message, length);
        var flags = (byte)((offset == 0 ? DataChunk.BeginFlag : 0)
            | (message.IsFullyCut ? DataChunk.EndFlag : 0)
            | (message.IsUnordered ? DataChunk.UnorderedFlag : 0));
        var packetLength = PacketLength(packet, _writer.HeaderLength + Padding.RoundUp(length));
        var tsn = _outstanding.Append(message, offset, length, flags, packetLength, now);

        // RFC 7053: a full window goes on only when the SACK is here; waiting for the peer's timer would be in vain.
        var isLast = _outstanding.BytesInFlight >= _congestion.Window || _outstanding.BytesInFlight >= PeerWindow;
        _writer.Write(ref packet, isLast ? (byte)(flags | DataChunk.ImmediateFlag) : flags, tsn, _outstanding.Get(tsn));
    }

    // How far the packet reaches with a chunk more; where it may be cut that says nothing about the path.
    private ushort PacketLength(in PacketWriter packet, int chunk = 0) =>
        _path.MayBeCut || packet.Capacity > _path.PacketSize ? PathMtuDiscovery.MayBeCutLength : (ushort)(packet.Length + chunk);

    // The next message to be cut; one whose lifetime is over half sent is given up.
    private bool TryPeekNew(Instant now, out OutgoingMessage message)
    {
        while (_queue.TryPeek(now, out message))
        {
            if (message.Cut == 0 || !IsForwardTsnSupported || !message.IsExpired(now))
            {
                return true;
            }

            _outstanding.Abandon(message);
            ScheduleForward(now);
        }

        return false;
    }

    private bool MayRetransmit(int length) =>
        _mayExceedWindow || BytesInFlight == 0 || BytesInFlight + length <= Math.Max(_congestion.Window, _path.PacketSize);

    private bool MaySend(int length)
    {
        if (!_outstanding.HasRoom)
        {
            return false;
        }

        if (!_mayExceedWindow)
        {
            if (BytesInFlight >= _congestion.Window)
            {
                _isWindowLimiting = true;
                return false;
            }

            if (BytesInFlight >= _burstEnd && BytesInFlight > 0)
            {
                return false;
            }
        }

        return HasPeerRoom(length);
    }

    // RFC 9260 6.1 A: with a full peer one fragment at a time probes whether there is room again, each after another timeout.
    private bool HasPeerRoom(int length) => _mayProbe || BytesInFlight + Math.Min(length, _path.PacketSize) <= PeerWindow;

    private void ForgetOldWindow(Instant now)
    {
        if (_outstanding.Count == 0 && _lastSent != default && now - _lastSent > _rtt.Timeout)
        {
            _congestion.OnIdle();
            _lastSent = now;
        }
    }
}
