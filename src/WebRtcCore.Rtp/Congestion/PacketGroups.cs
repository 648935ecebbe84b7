using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Gathers packets sent in one burst into groups and compares each group with the one before (draft-ietf-rmcat-gcc-02, 5.2, 5.3):
/// packets of one burst queue behind one another, which says nothing about the path's queue.
/// </summary>
internal sealed class PacketGroups
{
    private const int MaxReordered = 3;
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxBurst = TimeSpan.FromMilliseconds(100);

    // The peer's clock may jump, or feedback be wrong: beyond this the groups start anew.
    private static readonly TimeSpan MaxArrivalGap = TimeSpan.FromSeconds(3);

    private Group? _current;
    private Group? _previous;
    private int _reordered;

    /// <summary>Takes in a packet that arrived.</summary>
    /// <returns>Whether it completes a group that has one before it; then <paramref name="delta"/> compares the two.</returns>
    public bool TryAdd(Instant sent, Instant arrived, out GroupDelta delta)
    {
        delta = default;
        if (_current is not { } current)
        {
            _current = new Group(sent, sent, arrived, arrived);
            return false;
        }

        if (sent < current.FirstSent)
        {
            // Sent before the group's first: it can only come late, and would turn the comparison around.
            return false;
        }

        if (Belongs(current, sent, arrived))
        {
            _current = current with { LastSent = Instant.Max(sent, current.LastSent), LastArrived = Instant.Max(arrived, current.LastArrived) };
            return false;
        }

        var isComplete = _previous is { } previous && TryCompare(previous, current, out delta);
        if (_current is not null)
        {
            _previous = current;
        }

        _current = new Group(sent, sent, arrived, arrived);
        return isComplete;
    }

    /// <summary>Forgets all groups.</summary>
    public void Reset()
    {
        _current = null;
        _previous = null;
        _reordered = 0;
    }

    private static bool Belongs(in Group group, Instant sent, Instant arrived)
    {
        if (sent.Ticks - group.FirstSent.Ticks <= Burst.Ticks)
        {
            return true;
        }

        // Packets that something on the path held back and let go together: they arrive closer than they were sent.
        var arrivalGap = arrived.Ticks - group.LastArrived.Ticks;
        return arrivalGap - (sent.Ticks - group.LastSent.Ticks) < 0
            && arrivalGap <= Burst.Ticks
            && arrived.Ticks - group.FirstArrived.Ticks < MaxBurst.Ticks;
    }

    private bool TryCompare(in Group previous, in Group current, out GroupDelta delta)
    {
        var arrival = current.LastArrived.Ticks - previous.LastArrived.Ticks;
        delta = new GroupDelta(ToMilliseconds(current.LastSent.Ticks - previous.LastSent.Ticks), ToMilliseconds(arrival), current.LastArrived);
        if (arrival > MaxArrivalGap.Ticks)
        {
            Reset();
            return false;
        }

        if (arrival < 0)
        {
            if (++_reordered >= MaxReordered)
            {
                Reset();
            }

            return false;
        }

        _reordered = 0;
        return true;
    }

    private static double ToMilliseconds(long ticks) => (double)ticks / TimeSpan.TicksPerMillisecond;

    private readonly record struct Group(Instant FirstSent, Instant LastSent, Instant FirstArrived, Instant LastArrived);
}
