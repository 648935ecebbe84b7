using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Receive;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Receive;

public class ReceiveTrackerTests
{
    [Test]
    public void Agrees_with_a_set_whatever_the_order_and_the_wrap_around([Range(1, 12)] int seed)
    {
        var random = new SeededRandomSource(seed);
        var first = new Tsn(uint.MaxValue - 300);
        var tracker = new ReceiveTracker(first);
        var model = new HashSet<int>();
        var cumulative = -1;
        for (var step = 0; step < 3000; step++)
        {
            var offset = Math.Max(0, cumulative - 3 + random.Next(random.Next(50) == 0 ? 2000 : 12));
            var status = tracker.Check(first + offset);
            Assert.That(status, Is.EqualTo(offset <= cumulative || model.Contains(offset) ? TsnStatus.Duplicate : TsnStatus.New));
            if (status == TsnStatus.New && random.Next(40) == 0)
            {
                tracker.ForwardTo(first + offset);
                cumulative = offset;
                model.RemoveWhere(each => each <= offset);
            }
            else if (status == TsnStatus.New)
            {
                tracker.Add(first + offset);
                model.Add(offset);
            }

            while (model.Remove(cumulative + 1))
            {
                cumulative++;
            }

            Assert.That(tracker.Cumulative, Is.EqualTo(first + cumulative));
            Assert.That(tracker.HasGap, Is.EqualTo(model.Count > 0));
            if (step % 20 == 0)
            {
                Assert.That(Gaps(tracker), Is.EqualTo(ModelGaps(model, cumulative)));
            }
        }
    }

    [Test]
    public void Tells_what_is_out_of_reach()
    {
        var tracker = new ReceiveTracker(new Tsn(0));
        Assert.That(tracker.Check(new Tsn(65_534)), Is.EqualTo(TsnStatus.New));
        Assert.That(tracker.Check(new Tsn(65_535)), Is.EqualTo(TsnStatus.OutOfReach));
        Assert.That(tracker.Check(new Tsn(uint.MaxValue)), Is.EqualTo(TsnStatus.Duplicate));
    }

    [Test]
    public void Reports_the_whole_reach_as_one_block()
    {
        var tracker = new ReceiveTracker(new Tsn(1));
        for (var i = 2u; i <= 65_535; i++)
        {
            tracker.Add(new Tsn(i));
        }

        Assert.That(Gaps(tracker), Is.EqualTo(new[] { (2, 65_535) }));
        tracker.Add(new Tsn(1));
        Assert.That((tracker.Cumulative, tracker.HasGap), Is.EqualTo((new Tsn(65_535), false)));
    }

    [Test]
    public void Duplicates_are_reported_once_and_capped()
    {
        var tracker = new ReceiveTracker(new Tsn(1));
        for (var i = 0; i < 100; i++)
        {
            tracker.AddDuplicate(new Tsn(0));
        }

        Assert.That(tracker.DuplicateCount, Is.EqualTo(16));
        tracker.WriteReport(new byte[64], 0);
        Assert.That(tracker.DuplicateCount, Is.Zero);
    }

    private static List<(int Start, int End)> Gaps(ReceiveTracker tracker)
    {
        var count = tracker.CountGaps(10_000);
        var bytes = new byte[4 * (count + tracker.DuplicateCount)];
        tracker.WriteReport(bytes, count);
        return [.. Enumerable.Range(0, count).Select(i => ((bytes[4 * i] << 8) | bytes[(4 * i) + 1], (bytes[(4 * i) + 2] << 8) | bytes[(4 * i) + 3]))];
    }

    private static List<(int Start, int End)> ModelGaps(HashSet<int> model, int cumulative)
    {
        var gaps = new List<(int Start, int End)>();
        foreach (var offset in model.Order())
        {
            if (gaps.Count > 0 && gaps[^1].End == offset - cumulative - 1)
            {
                gaps[^1] = (gaps[^1].Start, offset - cumulative);
            }
            else
            {
                gaps.Add((offset - cumulative, offset - cumulative));
            }
        }

        return gaps;
    }
}
