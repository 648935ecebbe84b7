using System.Runtime.CompilerServices;

namespace WebRtcCore.Primitives;

/// <summary>
/// Which packet indices have been seen, over the last <see cref="Size"/> up to the highest: against replayed packets (RFC 3711, 3.3.2)
/// and duplicates. The bits lie in a ring of words, so moving forward clears words instead of shifting them (the scheme of RFC 6479).
/// A mutable struct of 272 bytes: keep it in a field.
/// </summary>
public struct ReplayWindow
{
    /// <summary>How far below the highest index a packet is still taken: retransmissions of a second ago at video rates.</summary>
    public const int Size = 1024;

    // One word more than the window needs: the word that the highest index is in may be partly used.
    private const int Words = 32;
    private const int BitsPerWord = 64;

    private Bits _seen;
    private ulong _highest;
    private bool _hasHighest;

    /// <summary>The highest index marked; meaningful after the first <see cref="Mark"/>.</summary>
    public readonly ulong Highest => _highest;

    /// <summary>Whether any index has been marked.</summary>
    public readonly bool HasHighest => _hasHighest;

    /// <summary>Whether <paramref name="index"/> is neither marked nor older than the window.</summary>
    public readonly bool IsFresh(ulong index)
    {
        if (!_hasHighest || index > _highest)
        {
            return true;
        }

        return _highest - index < Size && (_seen[WordOf(index)] & BitOf(index)) == 0;
    }

    /// <summary>Marks <paramref name="index"/>, which is fresh, as seen.</summary>
    public void Mark(ulong index)
    {
        if (!_hasHighest)
        {
            _hasHighest = true;
            _highest = index;
        }
        else if (index > _highest)
        {
            var words = Math.Min((index / BitsPerWord) - (_highest / BitsPerWord), Words);
            for (ulong i = 1; i <= words; i++)
            {
                _seen[WordOf(_highest + (i * BitsPerWord))] = 0;
            }

            _highest = index;
        }

        _seen[WordOf(index)] |= BitOf(index);
    }

    private static int WordOf(ulong index) => (int)(index / BitsPerWord % Words);

    private static ulong BitOf(ulong index) => 1UL << (int)(index % BitsPerWord);

    [InlineArray(Words)]
    private struct Bits
    {
        private ulong _word;
    }
}
