using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class ConnectionLoopTests
{
    private static readonly NetworkPath Path = Pair.PathA;

    [Test]
    public void A_datagram_is_handled_at_once_on_the_receiving_thread_when_the_loop_is_idle()
    {
        var (handler, loop, sink, _) = Make();
        sink.OnDatagram([1], Path);
        sink.OnDatagram([2], Path);
        Assert.That(loop.IsOnLoop);
        sink.OnBatchEnd();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(handler.Calls, Is.EqualTo(new[] { "datagram 1", "datagram 2", "flush" }));
            Assert.That(handler.Threads, Is.All.EqualTo(Environment.CurrentManagedThreadId));
            Assert.That(loop.IsOnLoop, Is.False);
        }
    }

    [Test]
    public async Task A_datagram_that_finds_the_loop_busy_is_copied_and_handled_after_the_turn()
    {
        var (handler, loop, sink, _) = Make();
        var handled = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        handler.OnReceived = bytes => handled.SetResult(bytes);
        using var holder = new LoopHolder(loop);
        byte[] datagram = [7];
        sink.OnDatagram(datagram, Path);
        sink.OnBatchEnd();
        datagram[0] = 0;
        Assert.That(handler.Calls, Is.Empty);
        holder.Release();
        Assert.That(await handled.Task.Soon(), Is.EqualTo(new byte[] { 7 }));
        Assert.That(handler.Calls[..2], Is.EqualTo(new[] { "flush", "datagram 7" }));
    }

    [Test]
    public async Task Posts_of_many_threads_run_one_at_a_time_and_in_the_order_of_each_thread()
    {
        const int Threads = 8;
        const int PerThread = 2000;
        var (handler, loop, sink, _) = Make(TimeProvider.System);
        var last = new int[Threads];
        var isOrdered = true;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 1; i <= PerThread; i++)
            {
                var number = i;
                if (i % 3 == 0 && loop.TryEnter())
                {
                    Run(number);
                    loop.Exit();
                }
                else
                {
                    loop.Post(_ => Run(number));
                }

                sink.OnDatagram([1], Path);
                sink.OnBatchEnd();
            }

            void Run(int number) => handler.Inside("command", () =>
            {
                isOrdered &= last[thread] == number - 1;
                last[thread] = number;
            });
        }))).Soon();
        await loop.InvokeAsync(_ => { }).Soon();
        await loop.StopAsync().Soon();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(last, Is.All.EqualTo(PerThread));
            Assert.That(isOrdered);
            Assert.That(handler.HasOverlapped, Is.False);
            Assert.That(loop.Failures, Is.Zero);
        }
    }

    [Test]
    public void The_loop_cannot_be_entered_twice_or_past_what_waits()
    {
        var (_, loop, _, _) = Make();
        Assert.That(loop.TryEnter());
        Assert.That(loop.TryEnter(), Is.False);
        loop.Exit();
        Assert.That(loop.TryEnter());
        loop.Exit();
    }

    [Test]
    public void A_full_inbox_drops_datagrams_and_counts_them()
    {
        var (_, loop, sink, _) = Make(capacity: 4);
        using var holder = new LoopHolder(loop);
        for (var i = 0; i < 10; i++)
        {
            sink.OnDatagram([1], Path);
        }

        Assert.That(loop.DatagramsDropped, Is.EqualTo(6));
    }

    [Test]
    public async Task An_exception_of_one_item_does_not_stop_the_loop()
    {
        var (handler, loop, sink, _) = Make();
        handler.OnReceived = _ => throw new FormatException();
        sink.OnDatagram([1], Path);
        sink.OnBatchEnd();
        handler.OnReceived = static _ => { };
        handler.OnFlushed = () => throw new FormatException();
        sink.OnDatagram([2], Path);
        sink.OnBatchEnd();
        handler.OnFlushed = static () => { };
        loop.Post(_ => throw new FormatException());
        await loop.InvokeAsync(_ => { }).Soon();
        sink.OnDatagram([3], Path);
        sink.OnBatchEnd();
        Assert.That(handler.Calls, Does.Contain("datagram 3"));
        Assert.That(loop.Failures, Is.EqualTo(3));
    }

    [Test]
    public async Task A_result_or_exception_comes_back_to_whoever_invoked()
    {
        var (_, loop, _, _) = Make();
        Assert.That(await loop.InvokeAsync(_ => 42).Soon(), Is.EqualTo(42));
        Assert.That(async () => await loop.InvokeAsync<int>(_ => throw new FormatException()).Soon(), Throws.InstanceOf<FormatException>());
        Assert.That(loop.Failures, Is.Zero);
        Assert.That(loop.TryEnter());
        Assert.That(loop.InvokeAsync(_ => 1).IsCompletedSuccessfully, "on the loop it runs at once");
        loop.Exit();
    }

    [Test]
    public void Timeouts_come_when_due_and_not_before()
    {
        var (handler, _, sink, time) = Make();
        handler.NextTimeout = Start(time) + TimeSpan.FromMilliseconds(50);
        sink.OnDatagram([1], Path);
        sink.OnBatchEnd();
        time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.That(handler.Calls, Does.Not.Contain("timeout"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(handler.Calls[^2..], Is.EqualTo(new[] { "timeout", "flush" }));
    }

    [Test]
    public void A_deadline_that_keeps_moving_later_does_not_set_the_timer_again()
    {
        var (handler, loop, sink, time) = Make();
        for (var i = 0; i < 100; i++)
        {
            handler.NextTimeout = Start(time) + TimeSpan.FromMilliseconds(200 + i);
            sink.OnDatagram([1], Path);
            sink.OnBatchEnd();
        }

        Assert.That(loop.TimerChanges, Is.EqualTo(1));
        time.Advance(TimeSpan.FromMilliseconds(298));
        Assert.That(handler.Calls, Does.Not.Contain("timeout"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(handler.Calls, Does.Contain("timeout"));
        Assert.That(loop.TimerChanges, Is.EqualTo(2));
    }

    [Test]
    public void A_deadline_that_moves_earlier_is_kept()
    {
        var (handler, _, sink, time) = Make();
        foreach (var milliseconds in new[] { 500, 20 })
        {
            handler.NextTimeout = Start(time) + TimeSpan.FromMilliseconds(milliseconds);
            sink.OnDatagram([1], Path);
            sink.OnBatchEnd();
        }

        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.That(handler.Calls, Does.Contain("timeout"));
    }

    [Test]
    public void An_idle_loop_has_no_timer_set()
    {
        var (_, _, sink, time) = Make();
        sink.OnDatagram([1], Path);
        sink.OnBatchEnd();
        Assert.That(time.ArmedTimers, Is.Zero);
    }

    [Test]
    public async Task A_timeout_that_stays_due_does_not_take_the_processor()
    {
        var (handler, loop, _, time) = Make();
        var due = Start(time);
        var count = 0;
        handler.OnExpired = _ =>
        {
            count++;
            handler.NextTimeout = due;
        };
        handler.NextTimeout = due;
        await loop.InvokeAsync(_ => { }).Soon();

        // Each immediate timeout is one more turn on the thread pool; in the end the loop gives up and sets its timer.
        await Task.Run(() => SpinWait.SpinUntil(() => time.ArmedTimers == 1)).Soon();
        Assert.That(count, Is.InRange(1000, 1001));
        handler.OnExpired = static _ => { };
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.That(handler.NextTimeout, Is.Null);
    }

    [Test]
    public async Task After_stopping_the_handler_is_not_called_and_commands_fail()
    {
        var (handler, loop, sink, time) = Make();
        handler.NextTimeout = Start(time) + TimeSpan.FromMilliseconds(50);
        Task<int> abandoned;
        Task stopped;
        using (var holder = new LoopHolder(loop))
        {
            abandoned = loop.InvokeAsync(_ => 1);
            stopped = loop.StopAsync();
            Assert.That(stopped.IsCompleted, Is.False, "the turn goes on");
            holder.Release();
        }

        await stopped.Soon();
        var calls = handler.Calls.Count;
        Assert.That(async () => await abandoned.Soon(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await loop.InvokeAsync(_ => 1).Soon(), Throws.InstanceOf<ObjectDisposedException>());
        sink.OnDatagram([1], Path);
        sink.OnBatchEnd();
        time.Advance(TimeSpan.FromSeconds(1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loop.Post(_ => { }), Is.False);
            Assert.That(loop.TryEnter(), Is.False);
            Assert.That(handler.Calls, Has.Count.EqualTo(calls));
            Assert.That(time.ArmedTimers, Is.Zero);
        }

        await loop.StopAsync().Soon();
    }

    [Test]
    public async Task Stopping_from_within_makes_the_turn_the_last()
    {
        var (handler, loop, _, _) = Make();
        Task? stopped = null;
        await loop.InvokeAsync(_ => { stopped = loop.StopAsync(); }).Soon();
        await stopped!.Soon();
        Assert.That(handler.Calls, Is.EqualTo(new[] { "flush" }));
    }

    [Test]
    public void An_inline_datagram_allocates_nothing()
    {
        var handler = new SilentHandler();
        IDatagramSink sink = new ConnectionLoop(handler, new MonotonicClock(TimeProvider.System), NullLogger.Instance);
        var datagram = new byte[1200];
        Assert.That(Allocations.Measure(() =>
        {
            sink.OnDatagram(datagram, Path);
            sink.OnDatagram(datagram, Path);
            sink.OnBatchEnd();
        }), Is.Zero);
        Assert.That(handler.Datagrams, Is.Positive);
    }

    private static Instant Start(VirtualTimeProvider time) => new MonotonicClock(time).Now;

    private static (RecordingHandler Handler, ConnectionLoop Loop, IDatagramSink Sink, VirtualTimeProvider Time) Make(int capacity = 1024)
    {
        var time = new VirtualTimeProvider();
        var (handler, loop, sink, _) = Make(time, capacity);
        return (handler, loop, sink, time);
    }

    private static (RecordingHandler Handler, ConnectionLoop Loop, IDatagramSink Sink, TimeProvider Time) Make(TimeProvider time, int capacity = 1024)
    {
        var handler = new RecordingHandler();
        var loop = new ConnectionLoop(handler, new MonotonicClock(time), NullLogger.Instance, capacity);
        return (handler, loop, loop, time);
    }

    private sealed class SilentHandler : IConnectionLoopHandler
    {
        public long Datagrams { get; private set; }

        public Instant? NextTimeout => null;

        public void OnDatagram(Span<byte> datagram, in NetworkPath path, Instant now) => Datagrams++;

        public void OnTimeout(Instant now)
        {
        }

        public void Flush(Instant now)
        {
        }
    }
}
