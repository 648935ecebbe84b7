using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>The sending half of an association: decides what DATA and FORWARD TSN goes into the next packet, and learns from SACKs.</summary>
internal sealed class DataSender
{
    // A fragment smaller than this is not worth its header: the message begins in the next packet.
    private const int LeastFragment = 64;
    private readonly SendQueue _queue;
    private readonly RetransmissionQueue _outstanding;
    private readonly FragmentWriter _writer;
    private readonly RttEstimator _rtt;
    private readonly ICongestionController _congestion;
    private readonly int _packetSize;
    private Tsn _recoveryEnd;
    private bool _isInRecovery;
    private bool _isWindowLimiting;
    private bool _mayExceedWindow;
    private bool _mayProbe;
    private bool _isForwardDue;
    private Tsn _forwarded;
    private Instant _lastSent;
    private Instant _lastForward;

    /// <summary>Creates the half.</summary>
    public DataSender(SendQueue queue, Tsn initialTsn, int packetSize, RttEstimator rtt, ICongestionController congestion)
    {
        _writer = new FragmentWriter(queue.IsInterleaving);
        _queue = queue;
        _outstanding = new RetransmissionQueue(queue, initialTsn);
        _rtt = rtt;
        _congestion = congestion;
        _packetSize = packetSize;
        _forwarded = _outstanding.Cumulative;
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

    /// <summary>Expiries of the retransmission timer.</summary>
    public long Timeouts { get; private set; }

    /// <summary>Messages given up.</summary>
    public long Abandoned => _outstanding.Abandoned + _queue.Expired;

    private bool IsBehind => _outstanding.AdvancedPoint.IsAfter(_outstanding.Cumulative);

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

    /// <summary>Adds FORWARD TSN, then retransmissions, then new data, as far as windows and room allow.</summary>
    public void Write(ref PacketWriter packet, Instant now)
    {
        if (_isForwardDue)
        {
            WriteForwardTsn(ref packet, now);
        }

        var before = packet.Remaining;
        ForgetOldWindow(now);
        WriteLost(ref packet, now);
        if (!_outstanding.HasLost)
        {
            WriteNew(ref packet, now);
        }

        if (packet.Remaining != before)
        {
            // RFC 9260 7.2.4 (3): the first packet of fast retransmission goes out whatever the window says.
            _mayExceedWindow = false;
            _lastSent = now;
            RetransmissionDeadline ??= now + _rtt.Timeout;
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

    /// <summary>RFC 9260 6.3.3: the retransmission timer has expired.</summary>
    public void OnTimeout(Instant now)
    {
        RetransmissionDeadline = null;
        _rtt.OnTimeout();
        if (_outstanding.Count == 0)
        {
            _mayProbe = true;
            return;
        }

        Timeouts++;
        if (PeerWindow > 0 || _outstanding.BytesInFlight > _packetSize)
        {
            _congestion.OnTimeout();
        }

        _isInRecovery = false;
        _outstanding.OnTimeout(now);
        _isForwardDue = IsForwardTsnSupported && IsBehind;
        if (_outstanding.Count > 0)
        {
            RetransmissionDeadline = now + _rtt.Timeout;
        }
    }

    /// <summary>Forgets what is outstanding: the association is over.</summary>
    public void Clear()
    {
        _outstanding.Clear();
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
        }

        if (outcome.HasLoss && !_isInRecovery)
        {
            _isInRecovery = true;
            _recoveryEnd = LastTsn;
            _congestion.OnLoss();
            _mayExceedWindow = true;
        }
        else if (!_isInRecovery && outcome is { AcknowledgedBytes: > 0, HasAdvanced: true })
        {
            _congestion.OnAcknowledged(outcome.AcknowledgedBytes, _isWindowLimiting);
        }

        RestartTimer(outcome, now);
        ScheduleForward(now);
    }

    // RFC 9260 6.3.2: stopped when nothing is outstanding, restarted when the earliest outstanding TSN is acknowledged.
    private void RestartTimer(in SackOutcome outcome, Instant now)
    {
        if (_outstanding.Count == 0)
        {
            RetransmissionDeadline = null;
        }
        else if (outcome.HasAdvanced || outcome.HasLoss || RetransmissionDeadline is null)
        {
            RetransmissionDeadline = now + _rtt.Timeout;
        }
    }

    // RFC 3758 3.5 C3: at once when there is more to skip, and again when the last one seems to be lost.
    private void ScheduleForward(Instant now)
    {
        var isNews = _outstanding.AdvancedPoint.IsAfter(_forwarded);
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

            // RFC 7053: whoever retransmits wants to know soon.
            _writer.Write(ref packet, (byte)(chunk.Flags | DataChunk.ImmediateFlag), tsn, chunk);
            _outstanding.OnRetransmitted(tsn, now);
            Retransmissions++;
        }

        // Giving a message up while looking for work may have moved the point to skip to.
        ScheduleForward(now);
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
        var tsn = _outstanding.Append(message, offset, length, flags, now);

        // RFC 7053: a full window goes on only when the SACK is here; waiting for the peer's timer would be in vain.
        var isLast = _outstanding.BytesInFlight >= _congestion.Window || _outstanding.BytesInFlight >= PeerWindow;
        _writer.Write(ref packet, isLast ? (byte)(flags | DataChunk.ImmediateFlag) : flags, tsn, _outstanding.Get(tsn));
    }

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
        _mayExceedWindow || BytesInFlight == 0 || BytesInFlight + length <= Math.Max(_congestion.Window, _packetSize);

    private bool MaySend(int length)
    {
        if (!_outstanding.HasRoom)
        {
            return false;
        }

        if (BytesInFlight >= _congestion.Window)
        {
            _isWindowLimiting = true;
            return false;
        }

        // RFC 9260 6.1 A: with a full peer one fragment at a time probes whether there is room again, each after another timeout.
        return _mayProbe || BytesInFlight + Math.Min(length, _packetSize) <= PeerWindow;
    }

    private void ForgetOldWindow(Instant now)
    {
        if (_outstanding.Count == 0 && _lastSent != default && now - _lastSent > _rtt.Timeout)
        {
            _congestion.OnIdle();
            _lastSent = now;
        }
    }
}
