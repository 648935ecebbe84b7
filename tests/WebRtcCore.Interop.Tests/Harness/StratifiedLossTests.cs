namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>What the relay loses where a test asks for a rate.</summary>
internal sealed class StratifiedLossTests
{
    private const int Seed = 7;

    [TestCase(0.05, 20)]
    [TestCase(0.1, 10)]
    [TestCase(0.5, 2)]
    public void Takes_one_of_each_so_many(double rate, int length)
    {
        var strata = Take(rate, 100 * length).Chunk(length);
        Assert.That(strata.Select(stratum => stratum.Count(isLost => isLost)), Is.All.EqualTo(1));
    }

    [TestCase(0.0, 0)]
    [TestCase(0.3, 300)]
    [TestCase(0.9, 900)]
    [TestCase(1.0, 1000)]
    public void Takes_as_much_as_any_rate_says(double rate, int expected) => Assert.That(Take(rate, 1000).Count(isLost => isLost), Is.EqualTo(expected));

    [Test]
    public void Takes_irregularly_and_the_same_with_the_same_seed()
    {
        bool[] taken = Take(0.05, 2000);
        int[] places = [.. Enumerable.Range(0, taken.Length).Where(i => taken[i])];
        Assert.That(places.Zip(places.Skip(1), (one, next) => next - one).Distinct().Count(), Is.GreaterThan(10), "distances between losses");
        Assert.That(Take(0.05, 2000), Is.EqualTo(taken));
    }

    [Test]
    public void Another_rate_begins_at_once()
    {
        var loss = new StratifiedLoss(new Random(Seed));
        Assert.That(loss.TakesNext(0), Is.False);
        Assert.That(loss.TakesNext(1), Is.True);
        Assert.That(loss.TakesNext(0), Is.False);
    }

    private static bool[] Take(double rate, int count)
    {
        var loss = new StratifiedLoss(new Random(Seed));
        return [.. Enumerable.Range(0, count).Select(_ => loss.TakesNext(rate))];
    }
}
