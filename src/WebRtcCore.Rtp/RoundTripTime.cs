namespace WebRtcCore.Rtp;

/// <summary>The session's round-trip time, smoothed, from reports and their answers.</summary>
internal sealed class RoundTripTime(TimeSpan initial)
{
    // What a peer claims beyond this is not believed.
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);
    private bool _isMeasured;
    private TimeSpan? _answerTime;

    public TimeSpan Value { get; private set; } = initial;

    /// <summary>How long the answer to a request for packets takes: the round trip, and longer where the peer lets retransmissions wait for their turn.</summary>
    public TimeSpan AnswerTime => _answerTime is { } answer && answer > Value ? answer : Value;

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

        Value = _isMeasured ? Smooth(Value, measured) : measured;
        _isMeasured = true;
        return measured;
    }

    /// <summary>Learns how long a request took to be answered; as long as nothing better is known it is the round trip as well.</summary>
    public void OnAnswerTime(TimeSpan time)
    {
        if (time > Max)
        {
            return;
        }

        _answerTime = Smooth(_answerTime ?? Value, time);
        if (!_isMeasured)
        {
            Value = Smooth(Value, time);
        }
    }

    private static TimeSpan Smooth(TimeSpan value, TimeSpan measured) => TimeSpan.FromTicks(((7 * value.Ticks) + measured.Ticks) / 8);
}
