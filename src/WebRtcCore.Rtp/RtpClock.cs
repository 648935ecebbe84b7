namespace WebRtcCore.Rtp;

/// <summary>Conversion between durations and ticks of an RTP clock.</summary>
internal static class RtpClock
{
    /// <summary>How many ticks pass in <paramref name="duration"/>, modulo 2^32.</summary>
    public static uint ToTicks(TimeSpan duration, int clockRate)
    {
        var (seconds, rest) = Math.DivRem(duration.Ticks, TimeSpan.TicksPerSecond);
        return (uint)((seconds * clockRate) + (rest * clockRate / TimeSpan.TicksPerSecond));
    }

    /// <summary>How long <paramref name="ticks"/> last.</summary>
    public static TimeSpan ToTimeSpan(uint ticks, int clockRate) =>
        clockRate == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(ticks * TimeSpan.TicksPerSecond / clockRate);
}
