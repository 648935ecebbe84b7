using System.Globalization;

namespace WebRtcCore.Media.Opus;

/// <summary>How Opus is encoded. Immutable; every default is tested.</summary>
public sealed record OpusOptions
{
    /// <summary>The least bit rate of libopus.</summary>
    public const int MinBitrateBps = 6_000;

    /// <summary>The greatest bit rate of libopus.</summary>
    public const int MaxBitrateBps = 510_000;

    private static readonly double[] FrameMilliseconds = [2.5, 5, 10, 20, 40, 60, 80, 100, 120];

    /// <summary>The defaults.</summary>
    public static OpusOptions Default { get; } = new();

    /// <summary>What to favour. Default speech.</summary>
    public OpusApplication Application { get; init; } = OpusApplication.Voip;

    /// <summary>The length of a frame: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms. Default 20 ms, as browsers.</summary>
    public TimeSpan FrameDuration { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The bit rate, in bits per second: what is made before congestion control has found a target, and never exceeded afterwards. Default 32 kbit/s, as browsers for mono.</summary>
    public int BitrateBps { get; init; } = 32_000;

    /// <summary>How much computing to spend, 0 to 10. Default 9, as browsers on computers.</summary>
    public int Complexity { get; init; } = 9;

    /// <summary>Whether each packet may carry the one before again, coarsely, once losses are reported. On by default; needs the peer's <c>useinbandfec=1</c>.</summary>
    public bool InbandFec { get; init; } = true;

    /// <summary>Whether silence is not sent. Off by default; the peer's <c>usedtx=1</c> turns it on.</summary>
    public bool Dtx { get; init; }

    /// <summary>Whether every packet has the same size. Off by default; the peer's <c>cbr=1</c> turns it on.</summary>
    public bool ConstantBitrate { get; init; }

    /// <summary>The highest sample rate worth sending, in Hz; the peer's <c>maxplaybackrate</c> may lower it. Default 48 kHz.</summary>
    public int MaxPlaybackRate { get; init; } = OpusRates.Clock;

    /// <summary>The longest packet, in bytes, 64 to 1,100; a frame that would be longer is encoded more coarsely. Default 1,100.</summary>
    public int MaxPacketSize { get; init; } = 1_100;

    /// <summary>These options as the peer's <c>a=fmtp</c> changes them (RFC 7587, 6.1). What is out of range there is ignored.</summary>
    internal OpusOptions With(CodecFormat format) => this with
    {
        InbandFec = InbandFec && format.GetParameter("useinbandfec") == "1",
        Dtx = Dtx || format.GetParameter("usedtx") == "1",
        ConstantBitrate = ConstantBitrate || format.GetParameter("cbr") == "1",
        BitrateBps = ReadNumber(format, "maxaveragebitrate") is { } rate and >= MinBitrateBps ? Math.Min(BitrateBps, rate) : BitrateBps,
        MaxPlaybackRate = ReadNumber(format, "maxplaybackrate") is { } playback and >= 8_000 ? Math.Min(MaxPlaybackRate, playback) : MaxPlaybackRate,
    };

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BitrateBps, MinBitrateBps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BitrateBps, MaxBitrateBps);
        ArgumentOutOfRangeException.ThrowIfNegative(Complexity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Complexity, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPlaybackRate, 8_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPacketSize, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPacketSize, 1_100);
        if (!FrameMilliseconds.Contains(FrameDuration.TotalMilliseconds))
        {
            throw new ArgumentOutOfRangeException(nameof(FrameDuration), FrameDuration, "An Opus frame lasts 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.");
        }

        if (!Enum.IsDefined(Application))
        {
            throw new ArgumentOutOfRangeException(nameof(Application), Application, "There is no such application.");
        }
    }

    private static int? ReadNumber(CodecFormat format, string name) =>
        int.TryParse(format.GetParameter(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
