namespace WebRtcCore.Media.Opus;

/// <summary>The sample rates that libopus takes and gives.</summary>
internal static class OpusRates
{
    /// <summary>The rate of its RTP clock (RFC 7587, 4.1), and its highest sample rate.</summary>
    public const int Clock = 48_000;

    /// <summary>Whether libopus takes a rate.</summary>
    public static bool IsSupported(int rate) => rate is 8_000 or 12_000 or 16_000 or 24_000 or Clock;

    /// <summary>The rate itself where libopus takes it, else the next higher one.</summary>
    public static int Choose(int rate) => rate switch
    {
        <= 8_000 => 8_000,
        <= 12_000 => 12_000,
        <= 16_000 => 16_000,
        <= 24_000 => 24_000,
        _ => Clock,
    };
}
