namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The transport's numbers of the last packets of each stream, for feedback that names packets by stream and sequence number (RFC 8888). As many streams as are sent.
/// </summary>
internal sealed class SentNumbers
{
    private const int Capacity = 2048;

    private readonly Dictionary<uint, Entry[]> _streams = [];

    /// <summary>Notes a packet.</summary>
    public void Set(Ssrc ssrc, ushort sequenceNumber, ushort number)
    {
        if (!_streams.TryGetValue(ssrc.Value, out var ring))
        {
            _streams.Add(ssrc.Value, ring = new Entry[Capacity]);
        }

        ring[sequenceNumber % Capacity] = new Entry(sequenceNumber, number, IsSet: true);
    }

    /// <summary>Finds a packet's number.</summary>
    public bool TryGet(Ssrc ssrc, ushort sequenceNumber, out ushort number)
    {
        number = 0;
        if (!_streams.TryGetValue(ssrc.Value, out var ring) || ring[sequenceNumber % Capacity] is not { IsSet: true } entry || entry.SequenceNumber != sequenceNumber)
        {
            return false;
        }

        number = entry.Number;
        return true;
    }

    /// <summary>Forgets a stream.</summary>
    public void Remove(Ssrc ssrc) => _streams.Remove(ssrc.Value);

    private readonly record struct Entry(ushort SequenceNumber, ushort Number, bool IsSet);
}
