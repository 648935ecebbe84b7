using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests;

public class RandomSourceTests
{
    [Test]
    public void The_system_source_does_not_repeat()
    {
        var seen = new HashSet<ulong>();
        for (var i = 0; i < 1000; i++)
        {
            Assert.That(seen.Add(SystemRandomSource.Instance.NextUInt64()));
        }
    }

    [Test]
    public void A_seed_gives_the_same_sequence_every_time()
    {
        var one = new SeededRandomSource(7);
        var two = new SeededRandomSource(7);
        var other = new SeededRandomSource(8);
        Assert.That(one.NextUInt64(), Is.EqualTo(two.NextUInt64()));
        Assert.That(one.NextUInt64(), Is.Not.EqualTo(other.NextUInt64()));
    }

    [Test]
    public void Characters_come_from_the_whole_alphabet_evenly()
    {
        const string Alphabet = "abcdefghijk";
        var text = new SeededRandomSource(1).NextString(Alphabet, 11_000);
        Assert.That(text, Has.Length.EqualTo(11_000));
        foreach (var c in Alphabet)
        {
            Assert.That(text.Count(x => x == c), Is.InRange(850, 1150));
        }
    }

    [Test]
    public void An_empty_or_oversize_alphabet_is_refused()
    {
        var random = new SeededRandomSource(1);
        Assert.That(() => random.NextString("", 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => random.NextString(new string('a', 257), 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(random.NextString("ab", 0), Is.Empty);
    }

    [Test]
    public void Doubles_are_below_one_and_centred()
    {
        var random = new SeededRandomSource(3);
        var values = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble()).ToArray();
        Assert.That(values, Is.All.InRange(0.0, 1.0).And.All.LessThan(1.0));
        Assert.That(values.Average(), Is.EqualTo(0.5).Within(0.02));
    }
}
