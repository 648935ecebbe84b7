using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Send;

/// <summary>What the peer's report blocks say about one stream that is sent.</summary>
internal sealed class RemoteReportTracker
{
    private ReportBlock _last;
    private uint _firstSequenceNumber;
    private int _clockRate;
    private TimeSpan? _roundTripTime;
    private TimeSpan _totalRoundTripTime;
    private long _measurements;
    private long _reports;

    /// <summary>Whether the peer has reported on the stream at all: it knows the SSRC.</summary>
    public bool HasReport => _reports > 0;

    /// <summary>Notes the number of the first packet sent.</summary>
    public void OnFirstPacket(ushort sequenceNumber) => _firstSequenceNumber = sequenceNumber;

    public void OnReportBlock(in ReportBlock block, TimeSpan? roundTripTime, int clockRate)
    {
        _last = block;
        _clockRate = clockRate;
        _reports++;
        if (roundTripTime is { } measured)
        {
            _roundTripTime = measured;
            _totalRoundTripTime += measured;
            _measurements++;
        }
    }

    public RtpSendStreamStats AddTo(RtpSendStreamStats stats) => stats with
    {
        RoundTripTime = _roundTripTime,
        TotalRoundTripTime = _totalRoundTripTime,
        RoundTripTimeMeasurements = _measurements,
        ReportsReceived = _reports,
        RemoteFractionLost = _last.FractionLost / 256.0,
        RemotePacketsLost = _last.CumulativeLost,
        RemotePacketsReceived = HasReport
            ? Math.Max(0, (long)(_last.ExtendedHighestSequenceNumber - _firstSequenceNumber) + 1 - _last.CumulativeLost)
            : 0,
        RemoteJitter = RtpClock.ToTimeSpan(_last.JitterTicks, _clockRate),
    };
}
