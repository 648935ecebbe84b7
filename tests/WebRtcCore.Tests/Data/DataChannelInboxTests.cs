using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Data;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DataChannelInboxTests
{
    private readonly DataChannelInbox _inbox = new();

    [Test]
    public async Task A_reader_that_waits_is_woken_by_a_message_again_and_again()
    {
        for (var i = 0; i < 3; i++)
        {
            var waiting = _inbox.WaitAsync(CancellationToken.None);
            Assert.That(waiting.IsCompleted, Is.False);
            _inbox.TryAdd(PooledBuffer.Rent(i), isText: true);
            Assert.That(await waiting, Is.True);
            Assert.That((_inbox.TryTake(out var message, out var isText), message.Length, isText), Is.EqualTo((true, i, true)));
        }
    }

    [Test]
    public async Task Completion_ends_a_wait_after_the_last_message()
    {
        var waiting = _inbox.WaitAsync(CancellationToken.None);
        _inbox.Complete();
        Assert.That(await waiting, Is.False);
        Assert.That(_inbox.TryAdd(PooledBuffer.Rent(1), isText: false), Is.False);
    }

    [Test]
    public async Task What_came_before_completion_can_still_be_taken()
    {
        _inbox.TryAdd(PooledBuffer.Rent(1), isText: false);
        _inbox.Complete();
        Assert.That(await _inbox.WaitAsync(CancellationToken.None), Is.True);
        _inbox.TryTake(out _, out _);
        Assert.That(await _inbox.WaitAsync(CancellationToken.None), Is.False);
    }

    [Test]
    public async Task A_cancelled_wait_loses_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = _inbox.WaitAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await _inbox.WaitAsync(cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        _inbox.TryAdd(PooledBuffer.Rent(1), isText: false);
        Assert.That(await _inbox.WaitAsync(CancellationToken.None), Is.True);
    }

    [Test]
    public void Waiting_allocates_nothing()
    {
        var message = PooledBuffer.Rent(10);
        var arrived = true;
        var allocated = Allocations.Measure(() =>
        {
            var waiting = _inbox.WaitAsync(CancellationToken.None);
            _inbox.TryAdd(message, isText: false);
            arrived &= Take(waiting) && _inbox.TryTake(out message, out _);
        });
        Assert.That((arrived, allocated), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task A_reader_that_leaves_ends_its_own_wait()
    {
        _inbox.BeginReading();
        var waiting = _inbox.WaitAsync(CancellationToken.None);
        Assert.That(_inbox.BeginReading, Throws.InvalidOperationException);
        _inbox.EndReading();
        Assert.That(await waiting, Is.False);
        Assert.That(_inbox.BeginReading, Throws.Nothing);
    }

    private static bool Take(ValueTask<bool> task) => task.IsCompletedSuccessfully && task.Result;
}
