using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public sealed class SharedTimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private VirtualTimeProvider _time = null!;
    private readonly List<int> _calls = [];

    [SetUp]
    public void Begin()
    {
        _time = new VirtualTimeProvider();
        _calls.Clear();
    }

    [Test]
    public void Deadlines_that_come_together_take_one_timer_of_the_system()
    {
        var clock = new MonotonicClock(_time);
        var deadlines = Enumerable.Range(0, 100).Select(i => Make(clock, i)).ToArray();
        Array.ForEach(deadlines, d => d.Set(clock.Now + Second));
        Assert.That(_time.ArmedTimers, Is.EqualTo(1));

        _time.Advance(Second + TimeSpan.FromMilliseconds(2));

        Assert.That(_calls, Is.EquivalentTo(Enumerable.Range(0, 100)));
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void Deadlines_that_are_close_together_take_one_wake_up()
    {
        var clock = new MonotonicClock(_time);
        using var a = Make(clock, 1);
        using var b = Make(clock, 2);
        a.Set(clock.Now + Second + TimeSpan.FromMilliseconds(2));
        b.Set(clock.Now + Second + TimeSpan.FromMilliseconds(9));

        _time.Advance(Second + TimeSpan.FromMilliseconds(10));
        Assert.That(_calls, Is.Empty);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_calls, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Clocks_that_began_at_different_times_mean_the_same_instant()
    {
        var first = new MonotonicClock(_time);
        using var a = Make(first, 1);
        _time.Advance(17 * Second);
        var second = new MonotonicClock(_time);
        using var b = Make(second, 2);
        a.Set(first.Now + Second);
        b.Set(second.Now + Second);

        _time.Advance(Second - TimeSpan.FromMilliseconds(1));
        Assert.That(_calls, Is.Empty);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Assert.That(_calls, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void A_deadline_that_has_moved_later_is_put_off_without_a_callback()
    {
        var clock = new MonotonicClock(_time);
        using var deadline = Make(clock, 1);
        deadline.Set(clock.Now + (Second / 2));
        deadline.Set(clock.Now + (5 * Second));

        _time.Advance(4 * Second);
        Assert.That(_calls, Is.Empty);
        _time.Advance(Second + TimeSpan.FromMilliseconds(2));
        Assert.That(_calls, Is.EqualTo(new[] { 1 }));
        _time.Advance(10 * Second);
        Assert.That(_calls, Has.Count.EqualTo(1), "once");
    }

    [Test]
    public void A_deadline_that_moves_earlier_is_kept()
    {
        var clock = new MonotonicClock(_time);
        using var other = Make(clock, 1);
        using var deadline = Make(clock, 2);
        other.Set(clock.Now + (2 * Second));
        deadline.Set(clock.Now + (5 * Second));
        deadline.Set(clock.Now + Second);

        _time.Advance(Second + TimeSpan.FromMilliseconds(2));

        Assert.That(_calls, Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public void A_deadline_that_is_disposed_of_is_gone()
    {
        var clock = new MonotonicClock(_time);
        var deadline = Make(clock, 1);
        deadline.Set(clock.Now + Second);
        deadline.Dispose();
        Assert.That(_time.ArmedTimers, Is.Zero);
        deadline.Set(clock.Now + Second);

        _time.Advance(2 * Second);

        Assert.That(_calls, Is.Empty);
    }

    [Test]
    public async Task A_callback_that_does_not_return_holds_up_nobody_else()
    {
        var clock = new MonotonicClock(_time);
        using var release = new ManualResetEventSlim();
        using var blocked = new SharedDeadline(clock, release.Wait);
        using var next = Make(clock, 1);
        using var last = Make(clock, 2);
        blocked.Set(clock.Now + Second);
        next.Set(clock.Now + Second + TimeSpan.FromMicroseconds(1));
        last.Set(clock.Now + Second + TimeSpan.FromMicroseconds(2));
        var first = Task.Factory.StartNew(() => _time.Advance(Second + TimeSpan.FromMilliseconds(2)), TaskCreationOptions.LongRunning);
        await Task.Run(() => SpinWait.SpinUntil(() => _time.ArmedTimers == 1)).Soon();
        Assert.That(_calls, Is.Empty);

        // The timer that asks for help.
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.That(_calls, Is.EqualTo(new[] { 1, 2 }));
        release.Set();
        await first.Soon();
    }

    [Test]
    public async Task Nothing_set_while_the_timer_runs_is_ever_forgotten()
    {
        const int Rounds = 20_000;
        var clock = new MonotonicClock(_time);
        var calls = 0;
        using var deadline = new SharedDeadline(clock, () => Interlocked.Increment(ref calls));
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }
        });
        var random = new SeededRandomSource(1);
        for (var i = 0; i < Rounds; i++)
        {
            // A far one stands in the heap; the near one that follows meets the timer while it takes or moves that.
            deadline.Set(clock.Now + TimeSpan.FromMilliseconds(random.NextDouble() * 3));
            var before = Volatile.Read(ref calls);
            deadline.Set(clock.Now + TimeSpan.FromMilliseconds(random.NextDouble() * 2));
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref calls) > before, Signals.Limit), Is.True, $"round {i}");
        }

        await stop.CancelAsync();
        await running.Soon();
    }

    [Test]
    public void Every_order_of_changes_leaves_the_earliest_first()
    {
        var clock = new MonotonicClock(_time);
        var random = new SeededRandomSource(7);
        var heap = new SharedDeadlineHeap();
        var model = new Dictionary<SharedDeadline, Instant>();
        var deadlines = Enumerable.Range(0, 40).Select(i => Make(clock, i)).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var deadline = deadlines[(int)(random.NextDouble() * deadlines.Length)];
            var action = random.NextDouble();
            if (action < 0.6)
            {
                model[deadline] = Instant.Zero + TimeSpan.FromTicks((int)(random.NextDouble() * 1000));
                heap.Set(deadline, model[deadline]);
            }
            else if (action < 0.8)
            {
                model.Remove(deadline);
                heap.Remove(deadline);
            }
            else if (heap.Count > 0)
            {
                var earliest = model.Values.Min();
                Assert.That(heap.First, Is.EqualTo(earliest));
                var taken = heap.TakeFirst();
                Assert.That(model[taken], Is.EqualTo(earliest));
                model.Remove(taken);
            }

            Assert.That(heap.Count, Is.EqualTo(model.Count));
        }
    }

    private SharedDeadline Make(MonotonicClock clock, int number) => new(clock, () => _calls.Add(number));
}
