using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// How much may be retransmitted: a bucket of bytes, filled by time and by media sent. Whatever the peer asks for, retransmissions
/// stay below half of what is sent otherwise plus a small constant rate.
/// </summary>
internal sealed class RetransmissionBudget
{
    private const int MaxBytes = 128 * 1024;
    private const int BytesPerSecond = 16 * 1024;
    private const int MediaShareDivisor = 2;

    private long _bytes = MaxBytes / 2;
    private Instant? _filled;

    /// <summary>Earns budget.</summary>
    public void OnMediaSent(int length, Instant now)
    {
        Fill(now);
        _bytes = Math.Min(MaxBytes, _bytes + (length / MediaShareDivisor));
    }

    /// <summary>Spends budget for a packet of <paramref name="length"/> bytes.</summary>
    public bool TrySpend(int length, Instant now)
    {
        Fill(now);
        if (_bytes < length)
        {
            return false;
        }

        _bytes -= length;
        return true;
    }

    private void Fill(Instant now)
    {
        if (_filled is not { } filled)
        {
            _filled = now;
            return;
        }

        // Time is taken in whole bytes, so that many short steps earn as much as a long one.
        var earned = (now - filled).Ticks * BytesPerSecond / TimeSpan.TicksPerSecond;
        if (earned > 0)
        {
            _bytes = Math.Min(MaxBytes, _bytes + earned);
            _filled = filled + TimeSpan.FromTicks(earned * TimeSpan.TicksPerSecond / BytesPerSecond);
        }
    }
}
