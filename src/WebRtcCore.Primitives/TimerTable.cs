using System.Runtime.CompilerServices;

namespace WebRtcCore.Primitives;

/// <summary>
/// The timers of one core: one slot per value of <typeparamref name="TTimer"/>, in a fixed array.
/// The owner arms and cancels slots, reports <see cref="Next"/> as its next timeout and drains <see cref="TryTakeExpired"/> when told the time.
/// </summary>
/// <typeparam name="TTimer">An enum whose values are 0, 1, 2, ...; at most 32 of them.</typeparam>
public sealed class TimerTable<TTimer>
    where TTimer : struct, Enum
{
    private const long Unarmed = long.MaxValue;
    private readonly long[] _deadlines;
    private long _next = Unarmed;

    /// <summary>Creates a table with every timer unarmed.</summary>
    public TimerTable()
    {
        if (Unsafe.SizeOf<TTimer>() != sizeof(int))
        {
            throw new NotSupportedException($"{typeof(TTimer)} must have int as its underlying type.");
        }

        _deadlines = new long[Enum.GetValues<TTimer>().Length];
        Array.Fill(_deadlines, Unarmed);
    }

    /// <summary>The earliest deadline, or <see langword="null"/> if no timer is armed.</summary>
    public Instant? Next => _next == Unarmed ? null : new Instant(_next);

    /// <summary>Arms <paramref name="timer"/>, replacing its deadline.</summary>
    public void Arm(TTimer timer, Instant deadline)
    {
        ref var slot = ref _deadlines[Index(timer)];
        var previous = slot;
        slot = deadline.Ticks;
        if (slot <= _next)
        {
            _next = slot;
        }
        else if (previous == _next)
        {
            Recompute();
        }
    }

    /// <summary>Disarms <paramref name="timer"/>; nothing happens if it is not armed.</summary>
    public void Cancel(TTimer timer)
    {
        ref var slot = ref _deadlines[Index(timer)];
        var previous = slot;
        slot = Unarmed;
        if (previous == _next && previous != Unarmed)
        {
            Recompute();
        }
    }

    /// <summary>Disarms every timer.</summary>
    public void CancelAll()
    {
        Array.Fill(_deadlines, Unarmed);
        _next = Unarmed;
    }

    /// <summary>Whether <paramref name="timer"/> is armed.</summary>
    public bool IsArmed(TTimer timer) => _deadlines[Index(timer)] != Unarmed;

    /// <summary>The deadline of <paramref name="timer"/>, or <see langword="null"/> if it is not armed.</summary>
    public Instant? Deadline(TTimer timer) => _deadlines[Index(timer)] is var ticks and not Unarmed ? new Instant(ticks) : null;

    /// <summary>Disarms and returns the timer with the earliest deadline that is not after <paramref name="now"/>.</summary>
    public bool TryTakeExpired(Instant now, out TTimer timer)
    {
        timer = default;
        if (_next > now.Ticks || _next == Unarmed)
        {
            return false;
        }

        var index = Array.IndexOf(_deadlines, _next);
        timer = FromIndex(index);
        _deadlines[index] = Unarmed;
        Recompute();
        return true;
    }

    private void Recompute()
    {
        var next = Unarmed;
        foreach (var deadline in _deadlines)
        {
            next = Math.Min(next, deadline);
        }

        _next = next;
    }

    // The constructor has checked that the enum is an int; the array bounds every index.
    private static int Index(TTimer timer) => Unsafe.As<TTimer, int>(ref timer);

    private static TTimer FromIndex(int index) => Unsafe.As<int, TTimer>(ref index);
}
