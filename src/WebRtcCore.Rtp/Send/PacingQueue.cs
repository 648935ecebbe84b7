using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// Packets that wait to leave, first in, first out: one ring of bytes in which they lie one behind the other. The ring grows up to a
/// limit; beyond it the newest are refused.
/// </summary>
internal sealed class PacingQueue
{
    private const int MaxPackets = 4096;
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int InitialBytes = 16 * 1024;

    private readonly Queue<Entry> _entries = new();
    private byte[] _ring = [];

    // Counts all bytes ever written, gaps at the ring's end included.
    private long _written;
    private long _reserved;
    private long _enqueuedTicks;

    /// <summary>Packets that wait.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>How long the packets have waited, on the average.</summary>
    public TimeSpan GetMeanAge(Instant now) => Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, now.Ticks - (_enqueuedTicks / Count)));

    /// <summary>Room for a packet of up to <paramref name="length"/> bytes; empty if the queue is full.</summary>
    public Span<byte> Reserve(int length)
    {
        while (Count < MaxPackets)
        {
            if (_entries.Count == 0)
            {
                _written = 0;
            }

            var first = _entries.TryPeek(out var oldest) ? oldest.Position : _written;
            var start = NextStart(length);
            if (start + length - first <= _ring.Length)
            {
                _reserved = start;
                return _ring.AsSpan((int)(start % _ring.Length), length);
            }

            if (_ring.Length >= MaxBytes)
            {
                break;
            }

            Grow(length);
        }

        return default;
    }

    /// <summary>The packet lies where <see cref="Reserve"/> pointed.</summary>
    public void Add(RtpSendStream stream, int length, Instant now)
    {
        _entries.Enqueue(new Entry(stream, _reserved, length, now));
        _written = _reserved + length;
        _enqueuedTicks += now.Ticks;
        Bytes += length;
    }

    /// <summary>Takes the oldest packet, borrowed until the next <see cref="Reserve"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out RtpSendStream? stream, out ReadOnlySpan<byte> packet, out Instant enqueued)
    {
        packet = default;
        enqueued = default;
        stream = null;
        if (!_entries.TryDequeue(out var entry))
        {
            return false;
        }

        _enqueuedTicks -= entry.Enqueued.Ticks;
        Bytes -= entry.Length;
        stream = entry.Stream;
        packet = _ring.AsSpan((int)(entry.Position % _ring.Length), entry.Length);
        enqueued = entry.Enqueued;
        return true;
    }

    /// <summary>Forgets a stream's packets.</summary>
    public void Remove(RtpSendStream stream)
    {
        for (var i = _entries.Count; i > 0; i--)
        {
            var entry = _entries.Dequeue();
            if (entry.Stream != stream)
            {
                _entries.Enqueue(entry);
            }
            else
            {
                _enqueuedTicks -= entry.Enqueued.Ticks;
                Bytes -= entry.Length;
            }
        }
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

    private void Grow(int length)
    {
        var ring = new byte[Math.Min(MaxBytes, Math.Max(Math.Max(_ring.Length * 2, InitialBytes), length))];
        long written = 0;
        for (var i = _entries.Count; i > 0; i--)
        {
            var entry = _entries.Dequeue();
            _ring.AsSpan((int)(entry.Position % _ring.Length), entry.Length).CopyTo(ring.AsSpan((int)written));
            _entries.Enqueue(entry with { Position = written });
            written += entry.Length;
        }

        _ring = ring;
        _written = written;
    }

    private readonly record struct Entry(RtpSendStream Stream, long Position, int Length, Instant Enqueued);
}
