namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>
/// Figures of quality, which a machine that has other things to do may spoil: what is not good enough is measured again, twice at most. What is bad by itself is bad each
/// time. For nothing else: what does not depend on the machine's load is asserted once.
/// </summary>
internal static class Measurement
{
    private const int Attempts = 3;

    /// <summary>Measures until the figures are good.</summary>
    /// <param name="measure">Measures once, and tells what is not good enough, with its figures; nothing if all is.</param>
    public static async Task RepeatAsync(Func<Task<IReadOnlyList<string>>> measure)
    {
        for (var attempt = 1; ; attempt++)
        {
            string bad = string.Join("; ", await measure());
            if (bad.Length == 0)
            {
                return;
            }

            TestContext.Out.WriteLine($"attempt {attempt}: {bad}");
            Assert.That(attempt, Is.LessThan(Attempts), bad);
        }
    }
}
