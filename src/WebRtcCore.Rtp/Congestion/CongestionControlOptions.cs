namespace WebRtcCore.Rtp.Congestion;

/// <summary>How an <see cref="RtpSession"/> finds out how much it may send.</summary>
public sealed record CongestionControlOptions
{
    /// <summary>The defaults.</summary>
    public static CongestionControlOptions Default { get; } = new();

    /// <summary>The target until the path is known, in bits per second. 300,000 unless set, as in the browsers.</summary>
    public long StartBitrateBps { get; init; } = 300_000;

    /// <summary>The target never falls below this, in bits per second. 30,000 unless set.</summary>
    public long MinBitrateBps { get; init; } = 30_000;

    /// <summary>The target never rises above this, in bits per second. 100,000,000 unless set.</summary>
    public long MaxBitrateBps { get; init; } = 100_000_000;

    /// <summary>Which packets the pacer holds back. <see cref="PacingMode.Frames"/> unless set.</summary>
    public PacingMode Pacing { get; init; } = PacingMode.Frames;

    /// <summary>
    /// How long packets may wait in the pacer. When they would have to wait longer, they leave faster than the path is known to carry.
    /// 2 s unless set.
    /// </summary>
    public TimeSpan MaxPacingDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Makes the controller. Unless set it is a <see cref="GoogleCongestionController"/>; <see cref="ConstantRateController"/> is the
    /// alternative for paths whose rate is known.
    /// </summary>
    public Func<CongestionControlOptions, ICongestionController> CreateController { get; init; } = static options => new GoogleCongestionController(options);
}
