using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>Matches the peer's feedback with the packets sent: what is told of for the first time, in the order of arrival.</summary>
internal sealed class TransportFeedbackReader(TransportSendHistory history)
{
    // More than one feedback packet can name at the rates of a browser; what is beyond goes into the next round.
    private const int MaxPackets = 1024;
    private const int ReferenceTimeBits = 24;

    private PacketFeedback[]? _packets;
    private long? _referenceTime;
    private long? _reportTime;
    private int _count;

    /// <summary>What the last feedback told; valid until the next.</summary>
    public ReadOnlySpan<PacketFeedback> Packets => _packets.AsSpan(0, _count);

    /// <summary>How many of them arrived.</summary>
    public int Received { get; private set; }

    /// <summary>How many of them were lost, less those that were taken for lost before and have come; may be negative.</summary>
    public int Lost { get; private set; }

    /// <summary>Takes in transport-wide feedback.</summary>
    public void Read(in TransportFeedback feedback)
    {
        Begin();
        var reference = Unwrap(feedback.ReferenceTimeTicks);
        var ticks = reference * TransportFeedback.DeltaTicksPerReferenceTick;
        var sorted = true;
        long last = long.MinValue;
        foreach (var status in feedback)
        {
            if (_count == MaxPackets)
            {
                break;
            }

            if (!status.IsReceived)
            {
                if (history.TryMarkLost(status.SequenceNumber, out var lost))
                {
                    Add(lost, null);
                }

                continue;
            }

            ticks += status.DeltaTicks;
            if (history.TryMarkReceived(status.SequenceNumber, out var received, out var wasLost))
            {
                sorted &= ticks >= last;
                last = ticks;
                Add(received, new Instant(ticks * TransportFeedback.DeltaTick.Ticks), wasLost);
            }
        }

        if (!sorted)
        {
            Sort();
        }
    }

    /// <summary>Takes in feedback by streams.</summary>
    public void Read(in CongestionFeedback feedback, SentNumbers numbers)
    {
        Begin();
        var made = _reportTime is { } before ? before + (int)(feedback.ReportTimestamp - (uint)before) : feedback.ReportTimestamp;
        _reportTime = made;
        foreach (var stream in feedback)
        {
            for (var i = 0; i < stream.Count && _count < MaxPackets; i++)
            {
                if (numbers.TryGet(stream.Ssrc, (ushort)(stream.BeginSequenceNumber + i), out var number))
                {
                    Read(stream[i], number, made);
                }
            }
        }

        Sort();
    }

    private void Read(CongestionFeedbackReport report, ushort number, long made)
    {
        if (!report.IsReceived)
        {
            if (history.TryMarkLost(number, out var lost))
            {
                Add(lost, null);
            }
        }
        else if (history.TryMarkReceived(number, out var received, out var wasLost) && report.OffsetTicks <= CongestionFeedbackReport.MaxOffset)
        {
            var arrived = (made * TimeSpan.TicksPerSecond / 0x1_0000) - (report.OffsetTicks * TimeSpan.TicksPerSecond / CongestionFeedbackReport.OffsetTicksPerSecond);
            Add(received, new Instant(arrived), wasLost);
        }
    }

    private void Begin()
    {
        Lost = 0;
        _packets ??= new PacketFeedback[MaxPackets];
        _count = 0;
        Received = 0;
    }

    private void Add(in SentPacket packet, Instant? arrived, bool wasLost = false)
    {
        Lost += arrived is null ? 1 : wasLost ? -1 : 0;
        Received += arrived is null ? 0 : 1;
        _packets![_count++] = new PacketFeedback { Sent = packet.Sent, Arrived = arrived, Length = packet.Length, WasLost = wasLost, ProbeCluster = packet.ProbeCluster };
    }

    // Lost ones have no place of their own: they go to the front, where no order is asked of them.
    private void Sort() => _packets.AsSpan(0, _count).Sort(static (left, right) =>
    {
        var arrival = (left.Arrived?.Ticks ?? long.MinValue).CompareTo(right.Arrived?.Ticks ?? long.MinValue);
        return arrival != 0 ? arrival : left.Sent.CompareTo(right.Sent);
    });

    // 24 bits of 64 ms wrap around after twelve days.
    private long Unwrap(int referenceTime)
    {
        if (_referenceTime is not { } last)
        {
            _referenceTime = referenceTime;
            return referenceTime;
        }

        const int Unused = 32 - ReferenceTimeBits;
        var step = (int)((uint)(referenceTime - (int)last) << Unused) >> Unused;
        _referenceTime = last + step;
        return last + step;
    }
}
