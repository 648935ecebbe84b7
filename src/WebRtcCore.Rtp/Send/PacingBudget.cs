using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// When the next packet may leave, so that the rate is kept: each packet takes the time that its bits last. Up to a burst of 5 ms leaves
/// at once, which spares wake-ups; a debt is forgotten beyond half a second.
/// </summary>
internal sealed class PacingBudget
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxDebt = TimeSpan.FromMilliseconds(500);

    private Instant _freeAt;

    /// <summary>Bits per second; 0 before it is set.</summary>
    public long BitrateBps { get; private set; }

    /// <summary>When the next burst begins.</summary>
    public Instant Due => _freeAt;

    /// <summary>Changes the rate; what is owed at the old one is owed at the new one.</summary>
    public void SetBitrate(long bitrateBps, Instant now)
    {
        if (BitrateBps > 0 && bitrateBps != BitrateBps)
        {
            _freeAt = now + ((_freeAt - now) * ((double)BitrateBps / bitrateBps));
        }

        BitrateBps = bitrateBps;
    }

    /// <summary>Whether a packet may leave.</summary>
    public bool IsDue(Instant now) => _freeAt <= now + Burst;

    /// <summary>A packet leaves, held back before or not.</summary>
    public void OnSent(int length, Instant now)
    {
        if (BitrateBps <= 0)
        {
            return;
        }

        var free = Instant.Max(_freeAt, now) + TimeSpan.FromTicks(length * 8L * TimeSpan.TicksPerSecond / BitrateBps);
        _freeAt = Instant.Min(free, now + MaxDebt);
    }
}
