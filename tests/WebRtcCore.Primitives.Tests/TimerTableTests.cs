using CsCheck;

namespace WebRtcCore.Primitives.Tests;

public class TimerTableTests
{
    private enum Timer
    {
        First,
        Second,
        Third,
    }

    private enum ByteTimer : byte
    {
        Only,
    }

    [Test]
    public void A_new_table_has_nothing_pending()
    {
        var table = new TimerTable<Timer>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Next, Is.Null);
            Assert.That(table.IsArmed(Timer.First), Is.False);
            Assert.That(table.Deadline(Timer.First), Is.Null);
            Assert.That(table.TryTakeExpired(new Instant(long.MaxValue), out _), Is.False);
        }
    }

    [Test]
    public void Next_is_the_earliest_deadline()
    {
        var table = new TimerTable<Timer>();
        table.Arm(Timer.First, new Instant(30));
        table.Arm(Timer.Second, new Instant(10));
        table.Arm(Timer.Third, new Instant(20));
        Assert.That(table.Next, Is.EqualTo(new Instant(10)));
        table.Arm(Timer.Second, new Instant(40));
        Assert.That(table.Next, Is.EqualTo(new Instant(20)));
        table.Cancel(Timer.Third);
        Assert.That(table.Next, Is.EqualTo(new Instant(30)));
        table.CancelAll();
        Assert.That(table.Next, Is.Null);
    }

    [Test]
    public void Expired_timers_are_taken_in_order_of_their_deadlines()
    {
        var table = new TimerTable<Timer>();
        table.Arm(Timer.First, new Instant(30));
        table.Arm(Timer.Second, new Instant(10));
        table.Arm(Timer.Third, new Instant(20));
        var taken = new List<Timer>();
        while (table.TryTakeExpired(new Instant(20), out var timer))
        {
            taken.Add(timer);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(taken, Is.EqualTo(new[] { Timer.Second, Timer.Third }));
            Assert.That(table.Next, Is.EqualTo(new Instant(30)));
        }
    }

    [Test]
    public void Two_timers_may_share_a_deadline()
    {
        var table = new TimerTable<Timer>();
        table.Arm(Timer.First, new Instant(5));
        table.Arm(Timer.Third, new Instant(5));
        table.Cancel(Timer.First);
        Assert.That(table.Next, Is.EqualTo(new Instant(5)));
        Assert.That(table.TryTakeExpired(new Instant(5), out var timer) && timer == Timer.Third);
    }

    [Test]
    public void An_enum_that_is_not_an_int_is_refused() => Assert.That(() => new TimerTable<ByteTimer>(), Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void Behaves_like_a_dictionary_of_deadlines() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Long[0, 50]).Array[0, 60].Sample(steps =>
        {
            var table = new TimerTable<Timer>();
            var model = new Dictionary<Timer, long>();
            foreach (var (action, index, ticks) in steps)
            {
                var timer = (Timer)index;
                switch (action)
                {
                    case 0 or 1:
                        table.Arm(timer, new Instant(ticks));
                        model[timer] = ticks;
                        break;
                    case 2:
                        table.Cancel(timer);
                        model.Remove(timer);
                        break;
                    default:
                        var isDue = model.Count > 0 && model.Values.Min() <= ticks;
                        if (table.TryTakeExpired(new Instant(ticks), out var taken) != isDue
                            || (isDue && (model[taken] != model.Values.Min() || !model.Remove(taken))))
                        {
                            return false;
                        }

                        break;
                }

                Instant? expected = model.Count == 0 ? null : new Instant(model.Values.Min());
                if (table.Next != expected)
                {
                    return false;
                }
            }

            return true;
        });
}
