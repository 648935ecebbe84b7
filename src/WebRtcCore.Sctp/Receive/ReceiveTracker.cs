using System.Buffers.Binary;
using System.Numerics;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>
/// Which TSNs have arrived: the cumulative one, and a bit for each of those beyond it. Bounded by <see cref="Window"/>, the reach of a gap block.
/// </summary>
internal sealed class ReceiveTracker
{
    /// <summary>How far beyond the cumulative TSN one may arrive: gap blocks have 16 bits.</summary>
    public const int Window = 65_535;

    private const int MaxDuplicates = 16;
    private const int InitialWords = 8;
    private readonly Tsn[] _duplicates = new Tsn[MaxDuplicates];
    private ulong[] _bits = new ulong[InitialWords];
    private int _duplicateCount;

    /// <summary>Starts before <paramref name="initialTsn"/>.</summary>
    public ReceiveTracker(Tsn initialTsn)
    {
        Cumulative = initialTsn.Previous;
        Highest = Cumulative;
    }

    /// <summary>Everything up to here has arrived or was given up by the peer.</summary>
    public Tsn Cumulative { get; private set; }

    /// <summary>The highest TSN that has arrived.</summary>
    public Tsn Highest { get; private set; }

    /// <summary>Whether something is missing below <see cref="Highest"/>.</summary>
    public bool HasGap => Highest != Cumulative;

    /// <summary>Duplicates to report in the next SACK.</summary>
    public int DuplicateCount => _duplicateCount;

    private int Capacity => _bits.Length * 64;

    /// <summary>Whether <paramref name="tsn"/> is new and within reach.</summary>
    public TsnStatus Check(Tsn tsn)
    {
        var distance = tsn.DistanceFrom(Cumulative);
        if (distance <= 0)
        {
            return TsnStatus.Duplicate;
        }

        if (distance > Window)
        {
            return TsnStatus.OutOfReach;
        }

        return !tsn.IsAfter(Highest) && IsSet(tsn) ? TsnStatus.Duplicate : TsnStatus.New;
    }

    /// <summary>Notes a TSN that <see cref="Check"/> called new.</summary>
    public void Add(Tsn tsn)
    {
        if (tsn == Cumulative.Next && !HasGap)
        {
            Cumulative = Highest = tsn;
            return;
        }

        EnsureCapacity(tsn.DistanceFrom(Cumulative));
        Set(tsn);
        if (tsn.IsAfter(Highest))
        {
            Highest = tsn;
        }

        Advance();
    }

    /// <summary>Notes a TSN that has arrived before, to be reported.</summary>
    public void AddDuplicate(Tsn tsn)
    {
        if (_duplicateCount < MaxDuplicates)
        {
            _duplicates[_duplicateCount++] = tsn;
        }
    }

    /// <summary>RFC 3758 3.6: moves the cumulative TSN to <paramref name="tsn"/>, which is after it.</summary>
    public void ForwardTo(Tsn tsn)
    {
        if (!tsn.IsBefore(Highest))
        {
            Array.Clear(_bits);
            Cumulative = Highest = tsn;
            return;
        }

        while (Cumulative != tsn)
        {
            Cumulative = Cumulative.Next;
            Clear(Cumulative);
        }

        Advance();
    }

    /// <summary>Counts gap blocks, up to <paramref name="most"/>.</summary>
    public int CountGaps(int most)
    {
        var count = 0;
        var tsn = Cumulative.Next;
        while (count < most && TryNextRun(tsn, out _, out var end))
        {
            count++;
            tsn = end.Next;
        }

        return count;
    }

    /// <summary>Writes <paramref name="gapCount"/> gap blocks and the duplicates, which are then forgotten.</summary>
    public void WriteReport(Span<byte> destination, int gapCount)
    {
        var tsn = Cumulative.Next;
        for (var i = 0; i < gapCount && TryNextRun(tsn, out var start, out var end); i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)start.DistanceFrom(Cumulative));
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)end.DistanceFrom(Cumulative));
            destination = destination[4..];
            tsn = end.Next;
        }

        for (var i = 0; i < _duplicateCount; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[(4 * i)..], _duplicates[i].Value);
        }

        _duplicateCount = 0;
    }

    private void Advance()
    {
        while (HasGap && IsSet(Cumulative.Next))
        {
            Cumulative = Cumulative.Next;
            Clear(Cumulative);
        }
    }

    // The first run of arrived TSNs at or after `from`.
    private bool TryNextRun(Tsn from, out Tsn start, out Tsn end)
    {
        start = Find(from, set: true);
        end = start.IsAfter(Highest) ? start : Find(start, set: false).Previous;
        return !start.IsAfter(Highest);
    }

    // The first TSN at or after `from` whose bit is as asked, or the one after Highest.
    private Tsn Find(Tsn from, bool set)
    {
        var tsn = from;
        while (!tsn.IsAfter(Highest))
        {
            var index = tsn.Value & (uint)(Capacity - 1);
            var word = _bits[index >> 6];
            word = (set ? word : ~word) >> (int)(index & 63);
            if (word != 0)
            {
                tsn += BitOperations.TrailingZeroCount(word);
                break;
            }

            tsn += 64 - (int)(index & 63);
        }

        return tsn.IsAfter(Highest) ? Highest.Next : tsn;
    }

    private void EnsureCapacity(int distance)
    {
        if (distance < Capacity)
        {
            return;
        }

        var old = _bits;
        var oldMask = (uint)(Capacity - 1);
        _bits = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)distance + 1) / 64];
        for (var tsn = Cumulative.Next; !tsn.IsAfter(Highest); tsn = tsn.Next)
        {
            var index = tsn.Value & oldMask;
            if ((old[index >> 6] >> (int)(index & 63) & 1) != 0)
            {
                Set(tsn);
            }
        }
    }

    private bool IsSet(Tsn tsn)
    {
        var index = tsn.Value & (uint)(Capacity - 1);
        return (_bits[index >> 6] >> (int)(index & 63) & 1) != 0;
    }

    private void Set(Tsn tsn)
    {
        var index = tsn.Value & (uint)(Capacity - 1);
        _bits[index >> 6] |= 1UL << (int)(index & 63);
    }

    private void Clear(Tsn tsn)
    {
        var index = tsn.Value & (uint)(Capacity - 1);
        _bits[index >> 6] &= ~(1UL << (int)(index & 63));
    }
}
