using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Lets through as much per second as was agreed, and a second's worth at once.</summary>
internal struct TokenBucket
{
    private readonly long _perSecond;
    private long _tokens;
    private Instant _filledAt;

    public TokenBucket(long perSecond)
    {
        _perSecond = perSecond;
        _tokens = perSecond;
    }

    /// <summary>Takes <paramref name="amount"/> if it is there.</summary>
    public bool TryTake(long amount, Instant now)
    {
        var added = (long)((now - _filledAt).TotalSeconds * _perSecond);
        if (added > 0)
        {
            _tokens = Math.Min(_perSecond, _tokens + added);
            _filledAt = now;
        }

        if (_tokens < amount)
        {
            return false;
        }

        _tokens -= amount;
        return true;
    }
}
