using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// The missing packets of one stream, and when to ask for them: shortly after a gap shows, then once per round trip, a bounded number
/// of times. When more is missing than is kept track of, all is given up for a key frame.
/// </summary>
/// <param name="maxAttempts">How often a packet is asked for.</param>
internal sealed class NackGenerator(int maxAttempts = NackGenerator.DefaultAttempts)
{
    /// <summary>How often a packet is asked for where all packets of the stream are sent again.</summary>
    public const int DefaultAttempts = 10;

    /// <summary>
    /// How often where repair packets have numbers of the same stream (ULPFEC in RED): nobody sends those again. Of ten packets that get lost, each way, one in 4,000 is
    /// still missing then.
    /// </summary>
    public const int AttemptsWithRepairs = 5;

    private const int Capacity = 512;

    // Packets that overtake one another by this little are not lost.
    private static readonly TimeSpan ReorderingTolerance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly List<Missing> _missing = [];
    private long _highest = -1;
    private bool _hasOverflown;

    public long PacketsSent { get; private set; }

    /// <summary>When a packet is next to be asked for.</summary>
    public Instant? Due { get; private set; }

    public int MissingCount => _missing.Count;

    /// <summary>
    /// How long the packet taken in last took to come after it had been asked for, once: a round trip and the sender's work. A receiver that sends nothing has no
    /// other way to measure where receiver reference times are not agreed.
    /// </summary>
    public TimeSpan? AnswerTime { get; private set; }

    /// <summary>Takes a packet in: it is no longer missing, but those between it and the highest before are.</summary>
    public void OnPacket(long extendedSequenceNumber, Instant now)
    {
        AnswerTime = null;
        if (_highest < 0 || extendedSequenceNumber == _highest + 1)
        {
            _highest = extendedSequenceNumber;
            return;
        }

        if (extendedSequenceNumber <= _highest)
        {
            Remove(extendedSequenceNumber, now);
            return;
        }

        var gap = extendedSequenceNumber - _highest - 1;
        if (gap + _missing.Count > Capacity)
        {
            _missing.Clear();
            Due = null;
            _hasOverflown = true;
        }
        else
        {
            var due = now + ReorderingTolerance;
            for (var number = _highest + 1; number < extendedSequenceNumber; number++)
            {
                _missing.Add(new Missing(number, now, due, 0, default));
            }

            Due = Instant.Earliest(Due, due);
        }

        _highest = extendedSequenceNumber;
    }

    /// <summary>Whether everything had to be given up since the last call.</summary>
    public bool TakeOverflow()
    {
        var result = _hasOverflown;
        _hasOverflown = false;
        return result;
    }

    /// <summary>Nobody wants what is before a number any more: its frames are whole without it, or were given up.</summary>
    public void Forget(long before) => Forget(0, before);

    /// <summary>Nobody wants what is from one number to before another: it is no media.</summary>
    public void Forget(long from, long before)
    {
        // Sorted by number.
        var first = 0;
        while (first < _missing.Count && _missing[first].Number < from)
        {
            first++;
        }

        var end = first;
        while (end < _missing.Count && _missing[end].Number < before)
        {
            end++;
        }

        if (end == first)
        {
            return;
        }

        _missing.RemoveRange(first, end - first);
        if (_missing.Count == 0)
        {
            Due = null;
        }
    }

    /// <summary>Takes the packets that are to be asked for now, in order.</summary>
    /// <param name="now">The time.</param>
    /// <param name="roundTripTime">How long an answer takes.</param>
    /// <param name="sequenceNumbers">Where the numbers go; what does not fit stays due.</param>
    /// <returns>How many there are.</returns>
    public int TakeDue(Instant now, TimeSpan roundTripTime, Span<ushort> sequenceNumbers)
    {
        if (Due is not { } due || due > now)
        {
            return 0;
        }

        // An answer takes a round trip, and a little for the sender's work.
        var interval = roundTripTime + (roundTripTime / 4);
        if (interval < MinInterval)
        {
            interval = MinInterval;
        }

        var count = 0;
        var kept = 0;
        Due = null;
        for (var i = 0; i < _missing.Count; i++)
        {
            var missing = _missing[i];
            if (missing.Attempts == maxAttempts ? missing.Due <= now : now - missing.Noticed > MaxAge)
            {
                continue;
            }

            if (missing.Due <= now && count < sequenceNumbers.Length)
            {
                sequenceNumbers[count++] = (ushort)missing.Number;
                missing = missing with { Attempts = missing.Attempts + 1, Due = now + interval, Asked = now };
            }

            Due = Instant.Earliest(Due, missing.Due);
            _missing[kept++] = missing;
        }

        _missing.RemoveRange(kept, _missing.Count - kept);
        if (count > 0)
        {
            PacketsSent++;
        }

        return count;
    }

    private void Remove(long number, Instant now)
    {
        // Sorted by number, as gaps are only ever added above the highest.
        int low = 0, high = _missing.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _missing[middle].Number;
            if (found == number)
            {
                AnswerTime = _missing[middle] is { Attempts: 1 } answered ? now - answered.Asked : null;
                _missing.RemoveAt(middle);
                if (_missing.Count == 0)
                {
                    Due = null;
                }

                return;
            }

            if (found < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
    }

    private readonly record struct Missing(long Number, Instant Noticed, Instant Due, int Attempts, Instant Asked);
}
