using CsCheck;

namespace WebRtcCore.Primitives.Tests;

public class InstantTests
{
    [Test]
    public void Difference_is_zero_when_the_order_is_reversed()
    {
        var earlier = new Instant(10);
        var later = new Instant(30);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(later - earlier, Is.EqualTo(TimeSpan.FromTicks(20)));
            Assert.That(earlier - later, Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void Adding_and_subtracting_a_duration_are_inverse() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 4], Gen.Long[0, long.MaxValue / 4]).Sample((ticks, duration) =>
            new Instant(ticks) + TimeSpan.FromTicks(duration) - TimeSpan.FromTicks(duration) == new Instant(ticks));

    [Test]
    public void Order_follows_ticks() =>
        Gen.Select(Gen.Long, Gen.Long).Sample((a, b) =>
            new Instant(a) < new Instant(b) == (a < b)
            && new Instant(a) > new Instant(b) == (a > b)
            && new Instant(a) <= new Instant(b) == (a <= b)
            && new Instant(a) >= new Instant(b) == (a >= b)
            && Math.Sign(new Instant(a).CompareTo(new Instant(b))) == Math.Sign(a.CompareTo(b)));

    [Test]
    public void Earliest_treats_null_as_nothing_pending()
    {
        var one = new Instant(1);
        var two = new Instant(2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Instant.Earliest(null, null), Is.Null);
            Assert.That(Instant.Earliest(one, null), Is.EqualTo(one));
            Assert.That(Instant.Earliest(null, two), Is.EqualTo(two));
            Assert.That(Instant.Earliest(two, one), Is.EqualTo(one));
            Assert.That(Instant.Min(two, one), Is.EqualTo(one));
            Assert.That(Instant.Max(one, two), Is.EqualTo(two));
        }
    }

    [TestCase(0, 0)]
    [TestCase(1, 250)]
    [TestCase(250, 250)]
    [TestCase(251, 500)]
    public void Rounds_up_to_whole_ticks_of_a_given_length(int milliseconds, int expected) =>
        Assert.That(
            (Instant.Zero + TimeSpan.FromMilliseconds(milliseconds)).RoundUp(TimeSpan.FromMilliseconds(250)),
            Is.EqualTo(Instant.Zero + TimeSpan.FromMilliseconds(expected)));
}
