using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Sequence numbers, losses, jitter and duplicates of one stream (RFC 3550, 6.4.1, A.1, A.3 and A.8), and its last sender report.
/// </summary>
internal sealed class ReceiveStatistics
{
    // The first packet's extended number: room below it for packets that it overtook.
    private const long FirstCycle = 0x1_0000;
    private const long MaxStep = 3000;
    private const int MaxReordering = ReplayWindow.Size;
    private const int MaxLost = 0x7F_FFFF;
    private const int MinLost = -0x80_0000;

    // A step in media time beyond this is no jitter but a source that paused or jumped.
    private static readonly TimeSpan MaxTransitStep = TimeSpan.FromSeconds(5);

    private ReplayWindow _seen;
    private long _highest;
    private long _base;
    private long _originals;
    private long _expectedBefore;
    private long _originalsBefore;
    private ushort? _outOfRange;
    private uint _lastTimestampTicks;
    private uint _lastTransit;
    private uint _jitterTimes16;
    private int _clockRate;
    private bool _hasPackets;
    private bool _hasNews;
    private RtpReceiveStreamStats _stats;

    /// <summary>Whether packets have come in since the last report block.</summary>
    public bool HasNews => _hasNews;

    public bool HasPackets => _hasPackets;

    /// <summary>Takes a packet in.</summary>
    /// <param name="packet">The packet; a retransmission in its original form.</param>
    /// <param name="clockRate">The clock rate of its payload type.</param>
    /// <param name="origin">How it came: only an original is a sign of loss or jitter.</param>
    /// <param name="now">The time.</param>
    /// <param name="extendedSequenceNumber">The number without wrap-around.</param>
    /// <returns><see langword="false"/> for a duplicate or a packet too old to tell.</returns>
    public bool TryAccept(RtpPacketView packet, int clockRate, PacketOrigin origin, Instant now, out long extendedSequenceNumber)
    {
        if (!TryExtend(packet.SequenceNumber, origin != PacketOrigin.Original, out extendedSequenceNumber))
        {
            return false;
        }

        if (!_seen.IsFresh((ulong)extendedSequenceNumber))
        {
            _stats = _stats with { DuplicatesDiscarded = _stats.DuplicatesDiscarded + 1 };
            return false;
        }

        _seen.Mark((ulong)extendedSequenceNumber);
        var isInOrder = !_hasPackets || extendedSequenceNumber > _highest;
        if (origin == PacketOrigin.Original)
        {
            _originals++;
            _hasNews = true;
            if (isInOrder)
            {
                UpdateJitter(packet.TimestampTicks, clockRate, now);
            }
        }

        if (isInOrder)
        {
            _highest = extendedSequenceNumber;
        }

        _base = _hasPackets ? Math.Min(_base, extendedSequenceNumber) : extendedSequenceNumber;
        _hasPackets = true;
        if (origin != PacketOrigin.Recovered)
        {
            Count(packet, origin == PacketOrigin.Retransmission, now);
        }

        return true;
    }

    /// <summary>Whether a packet of recent times has not come in.</summary>
    public bool IsMissing(ushort sequenceNumber)
    {
        if (!_hasPackets)
        {
            return false;
        }

        var extended = SerialNumber.Unwrap(sequenceNumber, _highest);
        return extended > _base && _highest - extended < MaxReordering && _seen.IsFresh((ulong)extended);
    }

    public void OnSenderReport(in SenderReport report, Instant now) => _stats = _stats with
    {
        LastSenderReportNtp = report.Ntp,
        LastSenderReportTimestampTicks = report.RtpTimestampTicks,
        LastSenderReportReceived = now,
        SenderReportsReceived = _stats.SenderReportsReceived + 1,
        RemotePacketsSent = report.PacketCount,
        RemoteBytesSent = report.OctetCount,
    };

    /// <summary>The stream's sender has answered a reference time (RFC 3611, 4.5).</summary>
    public void OnRoundTrip(TimeSpan roundTripTime) => _stats = _stats with
    {
        RoundTripTime = roundTripTime,
        TotalRoundTripTime = _stats.TotalRoundTripTime + roundTripTime,
        RoundTripTimeMeasurements = _stats.RoundTripTimeMeasurements + 1,
    };

    /// <summary>The sender's wall-clock time of a timestamp, by its last report; <see langword="null"/> before the first.</summary>
    public NtpTimestamp? ToNtp(uint timestampTicks, int clockRate)
    {
        if (_stats.LastSenderReportNtp is not { } ntp || clockRate <= 0)
        {
            return null;
        }

        var ticks = (int)(timestampTicks - _stats.LastSenderReportTimestampTicks);
        return ntp + TimeSpan.FromTicks(ticks * TimeSpan.TicksPerSecond / clockRate);
    }

    /// <summary>The report block for now; the next one counts its fraction from here.</summary>
    public ReportBlock TakeReportBlock(Ssrc ssrc, Instant now)
    {
        // RFC 3550 A.3.
        var expected = Expected;
        var expectedInterval = expected - _expectedBefore;
        var lostInterval = expectedInterval - (_originals - _originalsBefore);
        _expectedBefore = expected;
        _originalsBefore = _originals;
        _hasNews = false;
        var fraction = expectedInterval <= 0 || lostInterval <= 0 ? 0 : Math.Min(255, (lostInterval << 8) / expectedInterval);
        var (lastReport, delay) = _stats is { LastSenderReportNtp: { } ntp, LastSenderReportReceived: { } received }
            ? (ntp.Middle, RtpClock.ToTicks(now - received, 0x1_0000))
            : (0u, 0u);
        return new ReportBlock(
            ssrc,
            (byte)fraction,
            (int)Math.Clamp(Lost, MinLost, MaxLost),
            (uint)(_highest - FirstCycle),
            _jitterTimes16 >> 4,
            lastReport,
            delay);
    }

    public RtpReceiveStreamStats ToStats() => _stats with
    {
        PacketsLost = Lost,
        Jitter = RtpClock.ToTimeSpan(_jitterTimes16 >> 4, _clockRate),
    };

    private long Expected => _hasPackets ? _highest - _base + 1 : 0;

    private long Lost => Expected - _originals;

    private bool TryExtend(ushort sequenceNumber, bool isRetransmission, out long extended)
    {
        if (!_hasPackets)
        {
            extended = FirstCycle + sequenceNumber;
            return true;
        }

        extended = SerialNumber.Unwrap(sequenceNumber, _highest);
        var step = extended - _highest;
        if (step is < MaxStep and > -MaxReordering)
        {
            _outOfRange = null;
            return true;
        }

        // RFC 3550 A.1: far away once may be a stray packet; two in a row mean that the source has started anew.
        if (isRetransmission || _outOfRange != sequenceNumber)
        {
            _outOfRange = (ushort)(sequenceNumber + 1);
            return false;
        }

        _outOfRange = null;
        StartAnew(sequenceNumber);
        extended = _highest + 1;
        return true;
    }

    // The extended number goes on in the next cycle, so that what was seen before cannot be confused with what comes.
    private void StartAnew(ushort sequenceNumber)
    {
        var lostBefore = Lost;
        var next = ((_highest + 0x1_0000) & ~0xFFFFL) + sequenceNumber;
        _highest = next - 1;
        _base = _highest - _originals - lostBefore + 1;
    }

    private void UpdateJitter(uint timestampTicks, int clockRate, Instant now)
    {
        var transit = RtpClock.ToTicks(now.SinceOrigin, clockRate) - timestampTicks;
        if (_clockRate == clockRate && timestampTicks != _lastTimestampTicks)
        {
            var difference = Math.Abs((long)(int)(transit - _lastTransit));
            if (difference < RtpClock.ToTicks(MaxTransitStep, clockRate))
            {
                // RFC 3550 A.8: the estimate is kept times 16, so that it can be done in whole numbers.
                _jitterTimes16 = (uint)(_jitterTimes16 + difference - ((_jitterTimes16 + 8) >> 4));
            }
        }

        _clockRate = clockRate;
        _lastTransit = transit;
        _lastTimestampTicks = timestampTicks;
    }

    private void Count(RtpPacketView packet, bool isRetransmission, Instant now)
    {
        _stats = _stats with
        {
            PacketsReceived = _stats.PacketsReceived + 1,
            BytesReceived = _stats.BytesReceived + packet.Payload.Length,
            HeaderBytesReceived = _stats.HeaderBytesReceived + (packet.Packet.Length - packet.Payload.Length),
            LastPacketReceived = now,
        };
        if (isRetransmission)
        {
            _stats = _stats with
            {
                RetransmittedPacketsReceived = _stats.RetransmittedPacketsReceived + 1,
                RetransmittedBytesReceived = _stats.RetransmittedBytesReceived + packet.Payload.Length,
            };
        }
    }
}
