using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Data;

public sealed class DataChannelSendBufferTests
{
    private readonly List<string> _queued = [];
    private DataChannelSendBuffer _buffer = null!;

    [SetUp]
    public void SetUp()
    {
        _queued.Clear();
        _buffer = new DataChannelSendBuffer(highWaterMark: 100, limit: 300, (message, isText) =>
        {
            _queued.Add($"{message.Length}{(isText ? " text" : "")}");
            message.Dispose();
        });
    }

    [Test]
    public void Lets_messages_in_up_to_the_mark_and_the_one_that_crosses_it()
    {
        Assert.That(_buffer.TryAddAtOnce(100), Is.True);
        Assert.That(_buffer.TryAddAtOnce(100), Is.True);
        Assert.That(_buffer.TryAddAtOnce(1), Is.False);
        Assert.That(_buffer.Amount, Is.EqualTo(200));
    }

    [Test]
    public void Never_exceeds_the_limit()
    {
        Assert.That(_buffer.TryAdd(300), Is.True);
        Assert.That(_buffer.TryAdd(1), Is.False);
        Assert.That(_buffer.Amount, Is.EqualTo(300));
    }

    [Test]
    public async Task Serves_those_who_wait_in_their_order()
    {
        _buffer.TryAdd(150);
        var first = WaitAsync(60);
        var second = WaitAsync(10);
        var third = WaitAsync(20);
        Assert.That(_buffer.TryAddAtOnce(0), Is.False, "nobody passes those who wait");
        _buffer.Remove(99);
        Assert.That(_queued, Is.Empty, "51 of 100 bytes are still there");
        _buffer.Remove(1);
        Assert.That((await first, _queued), Is.EqualTo((true, new[] { "60" })), "with 110 the mark is reached again");
        _buffer.Remove(60);
        Assert.That((await second, await third, _queued), Is.EqualTo((true, true, new[] { "60", "10", "20" })));
        Assert.That(_buffer.Amount, Is.EqualTo(80));
        Assert.That(_buffer.TryAddAtOnce(0), Is.True);
    }

    [Test]
    public async Task A_message_as_long_as_the_limit_waits_until_nothing_is_queued()
    {
        _buffer.TryAdd(150);
        var waiting = WaitAsync(300);
        _buffer.Remove(149);
        Assert.That(_queued, Is.Empty);
        _buffer.Remove(1);
        Assert.That((await waiting, _buffer.Amount), Is.EqualTo((true, 300)));
    }

    [Test]
    public async Task Whoever_cancels_leaves_the_line_and_nothing_behind()
    {
        using var cancellation = new CancellationTokenSource();
        _buffer.TryAdd(250);
        var first = WaitAsync(300, cancellation.Token);
        var second = WaitAsync(10);
        _buffer.Remove(210);
        Assert.That(_queued, Is.Empty, "the first is too long, and the second comes after it");
        await cancellation.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await second, _queued), Is.EqualTo((true, new[] { "10" })));
    }

    [Test]
    public void A_token_that_is_cancelled_already_queues_nothing()
    {
        _buffer.TryAdd(250);
        Assert.That(async () => await WaitAsync(10, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        _buffer.Remove(250);
        Assert.That((_queued.Count, _buffer.TryAddAtOnce(1)), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task Closing_sends_everybody_away()
    {
        _buffer.TryAdd(250);
        var waiting = WaitAsync(10);
        _buffer.Close();
        Assert.That((await waiting, await WaitAsync(10), _queued.Count), Is.EqualTo((false, false, 0)));
        Assert.That(_buffer.Amount, Is.EqualTo(250), "bufferedAmount stays as it is");
    }

    [Test]
    public void Sinking_to_the_threshold_is_told_once()
    {
        _buffer.LowThreshold = 10;
        _buffer.TryAdd(50);
        Assert.That(new[] { _buffer.Remove(39), _buffer.Remove(1), _buffer.Remove(1) }, Is.EqualTo(new[] { false, true, false }));
    }

    [Test]
    public async Task A_text_that_waits_is_queued_as_it_was_given()
    {
        _buffer.TryAdd(150);
        var waiting = _buffer.SendWhenRoomAsync(default, PooledBuffer.Rent(7), isText: true, CancellationToken.None);
        _buffer.Remove(150);
        Assert.That((await waiting, _queued), Is.EqualTo((true, new[] { "7 text" })));
    }

    [Test]
    public void Waiting_allocates_nothing()
    {
        var spare = PooledBuffer.Rent(10);
        var buffer = new DataChannelSendBuffer(100, 300, (message, _) => spare = message);
        var letIn = true;
        var allocated = Allocations.Measure(() =>
        {
            buffer.TryAdd(150);
            var waiting = buffer.SendWhenRoomAsync(default, spare, isText: false, CancellationToken.None);
            buffer.Remove(150);
            letIn &= Take(waiting);
            buffer.Remove(10);
        });
        Assert.That((letIn, allocated), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task Senders_and_the_loop_may_meet_at_any_moment()
    {
        // Whatever the interleaving, every waiting sender is let in: the loop takes away all that is queued.
        const int Count = 20_000;
        var queued = 0L;
        var buffer = new DataChannelSendBuffer(100, 300, (message, _) => Interlocked.Add(ref queued, message.Length));
        using var done = new CancellationTokenSource();
        var loop = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                if (Interlocked.Exchange(ref queued, 0) is > 0 and var bytes)
                {
                    buffer.Remove(bytes);
                }
                else
                {
                    Thread.Yield();
                }
            }
        });
        var message = new byte[30];
        var senders = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                if (buffer.TryAddAtOnce(message.Length))
                {
                    Interlocked.Add(ref queued, message.Length);
                }
                else if (!await buffer.SendWhenRoomAsync(message, null, false, CancellationToken.None))
                {
                    throw new InvalidOperationException("Nobody has closed it.");
                }
            }
        }));
        await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(30));
        await done.CancelAsync();
        await loop;
        Assert.That(buffer.Amount, Is.EqualTo(queued));
    }

    private static bool Take(ValueTask<bool> task) => task.IsCompletedSuccessfully && task.Result;

    private Task<bool> WaitAsync(int length, CancellationToken cancellationToken = default) =>
        _buffer.SendWhenRoomAsync(new byte[length], null, isText: false, cancellationToken).AsTask();
}
