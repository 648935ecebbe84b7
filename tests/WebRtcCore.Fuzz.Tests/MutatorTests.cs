namespace WebRtcCore.Fuzz.Tests;

public class MutatorTests
{
    private static readonly byte[][] Inputs = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 9, 9]];

    [Test]
    public void The_same_seed_gives_the_same_inputs()
    {
        var one = new Mutator(1);
        var two = new Mutator(1);
        for (var i = 0; i < 500; i++)
        {
            Assert.That(two.Next(Inputs), Is.EqualTo(one.Next(Inputs)));
        }
    }

    [Test]
    public void Inputs_differ_and_stay_short()
    {
        var mutator = new Mutator(2);
        var seen = Enumerable.Range(0, 1000).Select(_ => mutator.Next(Inputs)).ToArray();
        Assert.That(seen.Select(Convert.ToHexString).Distinct().Count(), Is.GreaterThan(700));
        Assert.That(seen.Max(input => input.Length), Is.LessThan(500));
    }

    [Test]
    public void No_seeds_are_seeds_enough() => Assert.That(new Mutator(3).Next([]), Is.Not.Empty);
}
