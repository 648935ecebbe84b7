namespace WebRtcCore.Dtls.Records;

/// <summary>The running counters behind <see cref="DtlsStatistics"/>.</summary>
internal sealed class DtlsCounters
{
    public long RecordsReceived;
    public long RecordsSent;
    public int FlightRetransmissions;
    public long MalformedRecords;
    public long UnauthenticRecords;
    public long ReplayedRecords;
    public long UnexpectedRecords;
    public long DiscardedHandshakeFragments;

    public DtlsStatistics Snapshot() => new()
    {
        RecordsReceived = RecordsReceived,
        RecordsSent = RecordsSent,
        FlightRetransmissions = FlightRetransmissions,
        MalformedRecords = MalformedRecords,
        UnauthenticRecords = UnauthenticRecords,
        ReplayedRecords = ReplayedRecords,
        UnexpectedRecords = UnexpectedRecords,
        DiscardedHandshakeFragments = DiscardedHandshakeFragments,
    };
}
