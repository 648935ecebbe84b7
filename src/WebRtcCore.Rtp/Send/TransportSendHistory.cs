using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The last packets sent with a transport sequence number, until the peer's feedback accounts for them. A ring of fixed size: a
/// packet that is overwritten before feedback came counts as unknown.
/// </summary>
internal sealed class TransportSendHistory
{
    private const int Capacity = 4096;
    // Made with the first packet: a session that sends no media, or does not negotiate the extension, has none.
    private Entry[]? _entries;

    /// <summary>Notes a packet.</summary>
    public void Add(ushort sequenceNumber, int length, Instant now) =>
        (_entries ??= new Entry[Capacity])[sequenceNumber % Capacity] = new Entry { SequenceNumber = sequenceNumber, Length = length, Sent = now, State = EntryState.Sent };

    /// <summary>Accounts for a packet that the peer received.</summary>
    /// <returns>Whether it was sent, is still remembered and had not been reported as received before.</returns>
    public bool TryMarkReceived(ushort sequenceNumber, out SentPacket packet) => TryMark(sequenceNumber, EntryState.Received, out packet);

    /// <summary>Accounts for a packet that the peer did not receive; it may still be reported as received later.</summary>
    /// <returns>Whether it was sent, is still remembered and had not been reported before.</returns>
    public bool TryMarkLost(ushort sequenceNumber, out SentPacket packet) => TryMark(sequenceNumber, EntryState.Lost, out packet);

    private bool TryMark(ushort sequenceNumber, EntryState state, out SentPacket packet)
    {
        packet = default;
        if (_entries is null)
        {
            return false;
        }

        ref var entry = ref _entries[sequenceNumber % Capacity];
        if (entry.SequenceNumber != sequenceNumber || entry.State >= state || entry.State == EntryState.None)
        {
            return false;
        }

        entry.State = state;
        packet = new SentPacket(entry.Length, entry.Sent);
        return true;
    }

    private enum EntryState : byte
    {
        None,
        Sent,
        Lost,
        Received,
    }

    private struct Entry
    {
        public Instant Sent;
        public int Length;
        public ushort SequenceNumber;
        public EntryState State;
    }
}
