namespace WebRtcCore.Dtls.Handshake;

/// <summary>How long to wait before a flight is sent again: doubling from a start that knows the round trip time up to a cap (RFC 6347 4.2.4.1).</summary>
internal sealed class RetransmissionTimeout(TimeSpan initial, TimeSpan maximum)
{
    /// <summary>The shortest start that a measured round trip time can bring about: the peer needs time to compute, too.</summary>
    public static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(50);

    private TimeSpan _initial = initial;
    private TimeSpan _maximum = Max(initial, maximum);

    /// <summary>The current value.</summary>
    public TimeSpan Current { get; private set; } = initial;

    /// <summary>Replaces the start by twice the round trip time, at least <see cref="Minimum"/>.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime)
    {
        var wasInitial = Current == _initial;
        _initial = Max(Minimum, roundTripTime * 2);
        _maximum = Max(_maximum, _initial);
        Current = wasInitial ? _initial : Max(Current, _initial);
    }

    /// <summary>A new flight starts afresh.</summary>
    public void Reset() => Current = _initial;

    /// <summary>The flight was not answered in time.</summary>
    public void BackOff() => Current = Current * 2 < _maximum ? Current * 2 : _maximum;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
