using System.Numerics;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>A set of TSNs within a window that moves: one bit each, searched 64 at a time.</summary>
internal sealed class TsnBitmap
{
    private ulong[] _words;

    /// <summary>Creates an empty set for a window of <paramref name="capacity"/> TSNs, a power of two of at least 64.</summary>
    public TsnBitmap(int capacity) => _words = new ulong[capacity / 64];

    private uint Mask => (uint)(_words.Length * 64) - 1;

    /// <summary>Adds a TSN.</summary>
    public void Add(Tsn tsn) => Word(tsn) |= Bit(tsn);

    /// <summary>Removes a TSN.</summary>
    public void Remove(Tsn tsn) => Word(tsn) &= ~Bit(tsn);

    /// <summary>Removes everything.</summary>
    public void Clear() => Array.Clear(_words);

    /// <summary>The first TSN from <paramref name="from"/> to <paramref name="last"/> that is in the set, or that is not.</summary>
    public bool TryFind(Tsn from, Tsn last, bool isIn, out Tsn found)
    {
        for (found = from; !found.IsAfter(last);)
        {
            var shift = (int)(found.Value & 63);
            var word = Word(found);
            word = (isIn ? word : ~word) >> shift;
            if (word != 0)
            {
                found += BitOperations.TrailingZeroCount(word);
                return !found.IsAfter(last);
            }

            found += 64 - shift;
        }

        return false;
    }

    /// <summary>Widens the window, which holds the TSNs from <paramref name="first"/> up to before <paramref name="end"/>.</summary>
    public void Grow(int capacity, Tsn first, Tsn end)
    {
        var old = new TsnBitmap(0) { _words = _words };
        _words = new ulong[capacity / 64];
        for (var tsn = first; old.TryFind(tsn, end.Previous, isIn: true, out tsn); tsn = tsn.Next)
        {
            Add(tsn);
        }
    }

    private static ulong Bit(Tsn tsn) => 1UL << (int)(tsn.Value & 63);

    private ref ulong Word(Tsn tsn) => ref _words[(tsn.Value & Mask) >> 6];
}
