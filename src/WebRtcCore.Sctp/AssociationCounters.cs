namespace WebRtcCore.Sctp;

/// <summary>What an association counts of its packets.</summary>
internal struct AssociationCounters
{
    public long PacketsSent;
    public long PacketsReceived;
    public long BytesSent;
    public long BytesReceived;
    public long PacketsDiscarded;
}
