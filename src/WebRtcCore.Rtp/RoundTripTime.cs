namespace WebRtcCore.Rtp;

/// <summary>The session's round-trip time, smoothed, from reports and their answers.</summary>
internal sealed class RoundTripTime(TimeSpan initial)
{
    // What a peer claims beyond this is not believed.
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);
    private bool _isMeasured;

    public TimeSpan Value { get; private set; } = initial;

    /// <summary>Computes the round-trip time from an echoed timestamp and the delay of the echo (RFC 3550, 6.4.1), and learns it.</summary>
    /// <param name="now">The middle of the NTP time at which the answer came in.</param>
    /// <param name="echoed">The middle of the NTP time that was sent, or 0 if there was none.</param>
    /// <param name="delay">How long the peer took to answer, in 1/65,536 s.</param>
    public TimeSpan? Measure(NtpTimestamp now, uint echoed, uint delay)
    {
        if (echoed == 0)
        {
            return null;
        }

        // Clocks of two resolutions: a very short round trip may come out negative, and is then zero.
        var units = (int)(now.Middle - echoed - delay);
        var measured = RtpClock.ToTimeSpan((uint)Math.Max(0, units), 0x1_0000);
        if (measured > Max)
        {
            return null;
        }

        Value = _isMeasured ? Smooth(measured) : measured;
        _isMeasured = true;
        return measured;
    }

    /// <summary>Learns how long a request took to be answered, as long as nothing better is known.</summary>
    public void OnAnswerTime(TimeSpan time)
    {
        if (!_isMeasured && time <= Max)
        {
            Value = Smooth(time);
        }
    }

    private TimeSpan Smooth(TimeSpan measured) => TimeSpan.FromTicks(((7 * Value.Ticks) + measured.Ticks) / 8);
}
