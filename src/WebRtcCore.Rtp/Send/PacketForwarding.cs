using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// Where packets of other streams go in this one: a constant distance of sequence numbers and timestamps as long as they come from one
/// SSRC, so that order, gaps and late packets stay as they are; a new distance, going on without a gap, when the source changes.
/// Packets from before that change have no place: their numbers belong to the source before.
/// </summary>
internal sealed class PacketForwarding
{
    // RFC 3550 A.1: a step further than this is a source that started anew, not loss.
    private const int MaxStep = 3000;

    // A millisecond of video: two pictures must not have one time.
    private const int LeastStepTicks = 90;

    private readonly PictureNumbering _pictures = new();
    private Ssrc? _source;
    private ushort? _firstSequenceNumber;
    private uint _lastTimestampTicks;
    private ushort _sequenceNumberOffset;
    private uint _timestampOffset;
    private ushort _lastSequenceNumber;

    /// <summary>Finds the place of <paramref name="packet"/>; nothing changes.</summary>
    /// <param name="packet">The packet of the source.</param>
    /// <param name="nextSequenceNumber">The number to go on with when the source is new.</param>
    /// <param name="timestampTicks">The timestamp to go on with when the source is new.</param>
    /// <param name="place">The place.</param>
    /// <returns><see langword="false"/> if it has none: it is older than the first that was taken of its source.</returns>
    public bool TryMap(RtpPacketView packet, ushort nextSequenceNumber, uint timestampTicks, out ForwardedPlace place)
    {
        if (_source == packet.Ssrc && Math.Abs(SerialNumber.Distance(packet.SequenceNumber, _lastSequenceNumber)) < MaxStep)
        {
            place = new ForwardedPlace(
                (ushort)(packet.SequenceNumber + _sequenceNumberOffset), packet.TimestampTicks + _timestampOffset, IsNewSource: false);
            return _firstSequenceNumber is not { } first || !SerialNumber.IsBefore(packet.SequenceNumber, first);
        }

        // The very first source keeps its timestamps: they may well be known elsewhere.
        var isFollowing = _source is not null;
        var least = _lastTimestampTicks + LeastStepTicks;
        var next = SerialNumber.IsAfter(timestampTicks, least) ? timestampTicks : least;
        place = new ForwardedPlace(nextSequenceNumber, isFollowing ? next : packet.TimestampTicks, isFollowing);
        return true;
    }

    /// <summary>Takes the packet's place as given away, and numbers its picture.</summary>
    /// <param name="packet">The packet of the source.</param>
    /// <param name="place">Its place.</param>
    /// <param name="payload">Its payload where it has been written.</param>
    /// <param name="mimeType">What it is.</param>
    public void Commit(RtpPacketView packet, ForwardedPlace place, Span<byte> payload, string? mimeType)
    {
        _pictures.Rewrite(payload, mimeType, place.IsNewSource);
        if (place.IsNewSource)
        {
            _firstSequenceNumber = packet.SequenceNumber;
        }
        else if (_firstSequenceNumber is { } first && SerialNumber.Distance(packet.SequenceNumber, first) > MaxStep)
        {
            // Nothing from before the change passes for a late packet any more.
            _firstSequenceNumber = null;
        }

        if (_source is null || SerialNumber.IsAfter(place.TimestampTicks, _lastTimestampTicks))
        {
            _lastTimestampTicks = place.TimestampTicks;
        }

        _sequenceNumberOffset = (ushort)(place.SequenceNumber - packet.SequenceNumber);
        _timestampOffset = place.TimestampTicks - packet.TimestampTicks;
        _lastSequenceNumber = packet.SequenceNumber;
        _source = packet.Ssrc;
    }
}
