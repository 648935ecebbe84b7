using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// Where packets of other streams go in this one: a constant distance of sequence numbers and timestamps as long as they come from one
/// SSRC, so that order, gaps and late packets stay as they are; a new distance, going on without a gap, when the source changes.
/// </summary>
internal sealed class PacketForwarding
{
    // RFC 3550 A.1: a step further than this is a source that started anew, not loss.
    private const int MaxStep = 3000;

    private Ssrc? _source;
    private ushort _sequenceNumberOffset;
    private uint _timestampOffset;
    private ushort _lastSequenceNumber;

    /// <summary>Finds the place of <paramref name="packet"/>; nothing changes.</summary>
    /// <param name="packet">The packet of the source.</param>
    /// <param name="nextSequenceNumber">The number to go on with when the source is new.</param>
    /// <param name="timestampTicks">The timestamp to go on with when the source is new.</param>
    public ForwardedPlace Map(RtpPacketView packet, ushort nextSequenceNumber, uint timestampTicks)
    {
        if (_source == packet.Ssrc && Math.Abs(SerialNumber.Distance(packet.SequenceNumber, _lastSequenceNumber)) < MaxStep)
        {
            return new ForwardedPlace(
                (ushort)(packet.SequenceNumber + _sequenceNumberOffset), packet.TimestampTicks + _timestampOffset);
        }

        // The very first source keeps its timestamps: they may well be known elsewhere.
        return new ForwardedPlace(nextSequenceNumber, _source is null ? packet.TimestampTicks : timestampTicks);
    }

    /// <summary>Takes the packet's place as given away.</summary>
    public void Commit(RtpPacketView packet, ForwardedPlace place)
    {
        _sequenceNumberOffset = (ushort)(place.SequenceNumber - packet.SequenceNumber);
        _timestampOffset = place.TimestampTicks - packet.TimestampTicks;
        _lastSequenceNumber = packet.SequenceNumber;
        _source = packet.Ssrc;
    }
}
