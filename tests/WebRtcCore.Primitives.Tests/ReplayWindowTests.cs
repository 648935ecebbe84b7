namespace WebRtcCore.Primitives.Tests;

public sealed class ReplayWindowTests
{
    [Test]
    public void Marks_each_index_once()
    {
        var window = default(ReplayWindow);
        foreach (var index in new ulong[] { 5, 6, 9, 7, 4, 8 })
        {
            Assert.That(window.IsFresh(index), Is.True, $"{index}");
            window.Mark(index);
            Assert.That(window.IsFresh(index), Is.False, $"{index}");
        }

        Assert.That(window.Highest, Is.EqualTo(9));
    }

    [Test]
    public void The_oldest_index_in_the_window_is_taken_and_the_one_before_it_is_not()
    {
        var window = default(ReplayWindow);
        window.Mark(100_000);
        Assert.That(window.IsFresh(100_000 - ReplayWindow.Size + 1), Is.True);
        Assert.That(window.IsFresh(100_000 - ReplayWindow.Size), Is.False);
        Assert.That(window.IsFresh(0), Is.False);
    }

    [Test]
    public void Agrees_with_a_set_of_all_indices_seen()
    {
        var random = new WebRtcCore.Testing.SeededRandomSource(7);
        var window = default(ReplayWindow);
        var seen = new HashSet<ulong>();
        ulong highest = 0;
        ulong next = 3_000;
        for (var i = 0; i < 200_000; i++)
        {
            next += random.Chance(0.001) ? (ulong)random.Next(5_000) : random.Chance(0.5) ? 1u : 0u;
            var index = next - (ulong)random.Next(1_500);
            var expected = !seen.Contains(index) && (seen.Count == 0 || index + ReplayWindow.Size > highest);
            if (window.IsFresh(index) != expected)
            {
                Assert.Fail($"Index {index} at highest {highest}: expected {expected}.");
            }

            if (expected)
            {
                window.Mark(index);
                seen.Add(index);
                highest = Math.Max(highest, index);
            }
        }
    }

    [Test]
    public void Works_at_the_end_of_the_index_space()
    {
        var window = default(ReplayWindow);
        window.Mark(ulong.MaxValue - 1);
        Assert.That(window.IsFresh(ulong.MaxValue), Is.True);
        window.Mark(ulong.MaxValue);
        Assert.That(window.IsFresh(ulong.MaxValue - 1), Is.False);
        Assert.That(window.IsFresh(ulong.MaxValue - 2), Is.True);
    }
}
