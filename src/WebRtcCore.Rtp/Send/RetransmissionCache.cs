using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// The last packets of one stream, to answer NACKs: one ring of bytes that packets lie in one behind the other, and a table that says
/// where. The ring grows, up to a limit, while it holds less than a second of packets; after that nothing is allocated.
/// </summary>
internal sealed class RetransmissionCache
{
    private const int TableSize = 2048;
    private const int InitialBytes = 16 * 1024;
    private static readonly TimeSpan Wanted = TimeSpan.FromSeconds(1);

    private readonly Entry[] _entries = new Entry[TableSize];
    private readonly int _maxBytes;
    private byte[] _ring = [];

    // Counts all bytes ever written, gaps at the ring's end included: an entry is alive while it lies within one ring's length below.
    private long _written;
    private Instant _lapStarted;

    public RetransmissionCache(int maxBytes) => _maxBytes = maxBytes;

    /// <summary>Bytes taken.</summary>
    public int Capacity => _ring.Length;

    /// <summary>Keeps a copy of <paramref name="packet"/>.</summary>
    public void Add(ushort sequenceNumber, ReadOnlySpan<byte> packet, Instant now)
    {
        if (packet.Length > Math.Min(_maxBytes, InitialBytes))
        {
            return;
        }

        var start = NextStart(packet.Length);
        if (start % Math.Max(1, _ring.Length) == 0)
        {
            // Another lap begins. If the last one took less time than the packets are wanted for, the ring is too small.
            var isTooSmall = _ring.Length < _maxBytes && now - _lapStarted < Wanted;
            if (_ring.Length == 0 || !isTooSmall)
            {
                _lapStarted = now;
            }

            if (_ring.Length == 0 || isTooSmall)
            {
                Grow();
                start = NextStart(packet.Length);
            }
        }

        packet.CopyTo(_ring.AsSpan((int)(start % _ring.Length)));
        _written = start + packet.Length;
        _entries[sequenceNumber % TableSize] = new Entry
        {
            Position = start,
            Length = packet.Length,
            SequenceNumber = sequenceNumber,
            IsUsed = true,
        };
    }

    /// <summary>Finds a packet and notes that it is sent again.</summary>
    /// <param name="sequenceNumber">Its number.</param>
    /// <param name="now">The time.</param>
    /// <param name="minInterval">How long ago it must have been sent again last: about a round trip, as the peer cannot know earlier.</param>
    /// <param name="packet">The packet, borrowed until the next <see cref="Add"/>.</param>
    public bool TryFind(ushort sequenceNumber, Instant now, TimeSpan minInterval, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        ref var entry = ref _entries[sequenceNumber % TableSize];
        if (!entry.IsUsed || entry.SequenceNumber != sequenceNumber || !IsAlive(entry)
            || (entry.Retransmitted is { } last && now - last < minInterval))
        {
            return false;
        }

        entry.Retransmitted = now;
        packet = _ring.AsSpan((int)(entry.Position % _ring.Length), entry.Length);
        return true;
    }

    /// <summary>Looks at a packet, borrowed until the next <see cref="Add"/>, without noting anything.</summary>
    public bool TryPeek(ushort sequenceNumber, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        ref var entry = ref _entries[sequenceNumber % TableSize];
        if (!entry.IsUsed || entry.SequenceNumber != sequenceNumber || !IsAlive(entry))
        {
            return false;
        }

        packet = _ring.AsSpan((int)(entry.Position % _ring.Length), entry.Length);
        return true;
    }

    // A packet never wraps around the ring's end: what is left there stays unused.
    private long NextStart(int length)
    {
        if (_ring.Length == 0)
        {
            return 0;
        }

        var room = _ring.Length - (_written % _ring.Length);
        return room >= length ? _written : _written + room;
    }

    private bool IsAlive(in Entry entry) => entry.Position >= _written - _ring.Length;

    private void Grow()
    {
        var ring = new byte[(int)Math.Min(_maxBytes, Math.Max(_ring.Length * 2L, InitialBytes))];
        long written = 0;
        foreach (ref var entry in _entries.AsSpan())
        {
            if (!entry.IsUsed || !IsAlive(entry))
            {
                entry.IsUsed = false;
                continue;
            }

            // The old ring's packets fit one behind the other into the new one, which is larger; in what order does not matter.
            _ring.AsSpan((int)(entry.Position % _ring.Length), entry.Length).CopyTo(ring.AsSpan((int)written));
            entry.Position = written;
            written += entry.Length;
        }

        _ring = ring;
        _written = written;
    }

    private struct Entry
    {
        public long Position;
        public Instant? Retransmitted;
        public int Length;
        public ushort SequenceNumber;
        public bool IsUsed;
    }
}
