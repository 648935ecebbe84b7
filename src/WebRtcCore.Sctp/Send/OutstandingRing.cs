using System.Numerics;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>
/// The slots of the fragments that are outstanding, a ring indexed by TSN, and among them a list of those in flight in the order in which they were last sent: who
/// looks for the oldest finds it first.
/// </summary>
internal sealed class OutstandingRing
{
    private const int InitialCapacity = 64;
    private OutstandingChunk[] _slots = new OutstandingChunk[InitialCapacity];

    /// <summary>How many TSNs there is room for.</summary>
    public int Capacity => _slots.Length;

    /// <summary>How many are in the list.</summary>
    public int Listed { get; private set; }

    /// <summary>The one sent longest ago, if any is in the list.</summary>
    public Tsn Oldest { get; private set; }

    /// <summary>The one sent last, if any is in the list.</summary>
    public Tsn Newest { get; private set; }

    /// <summary>The slot of a TSN.</summary>
    public ref OutstandingChunk this[Tsn tsn] => ref _slots[tsn.Value & (uint)(_slots.Length - 1)];

    /// <summary>Puts a TSN at the end of the list: it has just been sent.</summary>
    public void List(Tsn tsn)
    {
        if (Listed++ == 0)
        {
            Oldest = tsn;
        }
        else
        {
            this[Newest].Later = tsn;
            this[tsn].Earlier = Newest;
        }

        Newest = tsn;
    }

    /// <summary>Puts a TSN at the beginning of the list.</summary>
    public void ListOldest(Tsn tsn)
    {
        if (Listed == 0)
        {
            List(tsn);
            return;
        }

        Listed++;
        this[tsn].Later = Oldest;
        this[Oldest].Earlier = tsn;
        Oldest = tsn;
    }

    /// <summary>Takes a TSN out of the list.</summary>
    public void Unlist(Tsn tsn)
    {
        Listed--;
        ref readonly var slot = ref this[tsn];
        if (tsn == Oldest)
        {
            Oldest = slot.Later;
        }
        else
        {
            this[slot.Earlier].Later = slot.Later;
        }

        if (tsn == Newest)
        {
            Newest = slot.Earlier;
        }
        else
        {
            this[slot.Later].Earlier = slot.Earlier;
        }
    }

    /// <summary>Doubles the room; the TSNs from <paramref name="first"/> up to before <paramref name="end"/> are in use.</summary>
    public void Grow(Tsn first, Tsn end)
    {
        var old = _slots;
        _slots = new OutstandingChunk[(int)BitOperations.RoundUpToPowerOf2((uint)old.Length + 1)];
        for (var tsn = first; tsn != end; tsn = tsn.Next)
        {
            this[tsn] = old[tsn.Value & (uint)(old.Length - 1)];
        }
    }

    /// <summary>Empties the list; the slots are the owner's to clear.</summary>
    public void ClearList() => Listed = 0;
}
