namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The last packets sent with a transport sequence number, until the peer's feedback accounts for them. A ring that grows, up to a
/// limit, while packets would be overwritten before feedback came; beyond it they count as unknown.
/// </summary>
internal sealed class TransportSendHistory
{
    private const int InitialCapacity = 128;
    private const int MaxCapacity = 4096;

    // Made with the first packet: a session that sends no media, or does not negotiate the extension, has none.
    private Entry[]? _entries;

    /// <summary>Notes a packet.</summary>
    public void Add(ushort sequenceNumber, in SentPacket packet)
    {
        _entries ??= new Entry[InitialCapacity];
        while (_entries[sequenceNumber % _entries.Length].State == EntryState.Sent && _entries.Length < MaxCapacity)
        {
            Grow();
        }

        _entries[sequenceNumber % _entries.Length] = new Entry { SequenceNumber = sequenceNumber, Packet = packet, State = EntryState.Sent };
    }

    /// <summary>Accounts for a packet that the peer received.</summary>
    /// <returns>Whether it was sent, is still remembered and had not been reported as received before.</returns>
    public bool TryMarkReceived(ushort sequenceNumber, out SentPacket packet) => TryMarkReceived(sequenceNumber, out packet, out _);

    /// <summary>Accounts for a packet that the peer received.</summary>
    /// <param name="sequenceNumber">Its number.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="wasLost">Whether it was told of as lost before.</param>
    /// <returns>Whether it was sent, is still remembered and had not been reported as received before.</returns>
    public bool TryMarkReceived(ushort sequenceNumber, out SentPacket packet, out bool wasLost)
    {
        wasLost = _entries?[sequenceNumber % _entries.Length].State == EntryState.Lost;
        return TryMark(sequenceNumber, EntryState.Received, out packet);
    }

    /// <summary>Accounts for a packet that the peer did not receive; it may still be reported as received later.</summary>
    /// <returns>Whether it was sent, is still remembered and had not been reported before.</returns>
    public bool TryMarkLost(ushort sequenceNumber, out SentPacket packet) => TryMark(sequenceNumber, EntryState.Lost, out packet);

    private void Grow()
    {
        var larger = new Entry[_entries!.Length * 2];
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.State != EntryState.None)
            {
                larger[entry.SequenceNumber % larger.Length] = entry;
            }
        }

        _entries = larger;
    }

    private bool TryMark(ushort sequenceNumber, EntryState state, out SentPacket packet)
    {
        packet = default;
        if (_entries is null)
        {
            return false;
        }

        ref var entry = ref _entries[sequenceNumber % _entries.Length];
        if (entry.SequenceNumber != sequenceNumber || entry.State >= state || entry.State == EntryState.None)
        {
            return false;
        }

        entry.State = state;
        packet = entry.Packet;
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
        public SentPacket Packet;
        public ushort SequenceNumber;
        public EntryState State;
    }
}
