namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>What somebody saw and heard during a measurement, from a browser's statistics.</summary>
/// <param name="Frames">Pictures decoded.</param>
/// <param name="Freezes">How often the picture stood still.</param>
/// <param name="FrozenSeconds">For how long in all.</param>
/// <param name="Concealed">The share of the sound that was made up, 0 to 1.</param>
internal readonly record struct ReceivedQuality(double Frames, double Freezes, double FrozenSeconds, double Concealed)
{
    /// <summary>The counters now; two of them make a measurement.</summary>
    public static async Task<Counters> ReadAsync(BrowserPeer browser)
    {
        double[] values = await browser.Page.EvaluateAsync<double[]>(
            """
            async () => {
              const [video] = await peer.stats('inbound-rtp', 'video');
              const [audio] = await peer.stats('inbound-rtp', 'audio');
              return [video.framesDecoded, video.freezeCount, video.totalFreezesDuration, audio.concealedSamples - audio.silentConcealedSamples, audio.totalSamplesReceived];
            }
            """);
        return new Counters(values[0], values[1], values[2], values[3], values[4]);
    }

    public override string ToString() => FormattableString.Invariant($"{Frames,4} frames, {Freezes,2} freezes of {FrozenSeconds:F2} s, {100 * Concealed:F2} % concealed");

    /// <summary>The counters of a browser at one moment.</summary>
    internal readonly record struct Counters(double Frames, double Freezes, double FrozenSeconds, double ConcealedSamples, double Samples)
    {
        public static ReceivedQuality operator -(Counters after, Counters before) => new(
            after.Frames - before.Frames,
            after.Freezes - before.Freezes,
            after.FrozenSeconds - before.FrozenSeconds,
            after.Samples > before.Samples ? (after.ConcealedSamples - before.ConcealedSamples) / (after.Samples - before.Samples) : 0);
    }
}
