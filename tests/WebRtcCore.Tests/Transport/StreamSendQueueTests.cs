using System.Buffers;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public sealed class StreamSendQueueTests
{
    [Test]
    public async Task Sends_what_is_there_and_ends_when_it_is_complete()
    {
        var queue = new StreamSendQueue(100);
        Queue(queue, [1, 2, 3]);
        Queue(queue, [4]);
        queue.Close();
        queue.Complete();
        using var stream = new MemoryStream();
        await queue.SendAsync(stream, CancellationToken.None);

        Assert.That(stream.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
    }

    [Test]
    public async Task Refuses_what_goes_beyond_the_bound_until_the_stream_has_taken_some()
    {
        var queue = new StreamSendQueue(10);
        Queue(queue, new byte[8]);
        Assert.That(queue.TryReserve(3), Is.False);
        Assert.That(queue.TryReserve(2), Is.True);
        queue.Writer.Write(new byte[2]);
        queue.Flush();
        using var stop = new CancellationTokenSource();
        using var stream = new MemoryStream();
        var sending = queue.SendAsync(stream, stop.Token);

        Assert.That(() => stream.Length, Is.EqualTo(10).After(5_000, 1));
        Assert.That(() => queue.TryReserve(10), Is.True.After(5_000, 1));
        await stop.CancelAsync();
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Takes_nothing_once_it_is_closed()
    {
        var queue = new StreamSendQueue(10);
        queue.Close();

        Assert.That(queue.TryReserve(1), Is.False);
    }

    [Test]
    public void Flushing_what_is_complete_does_no_harm()
    {
        var queue = new StreamSendQueue(10);
        queue.Complete();

        Assert.That(queue.Flush, Throws.Nothing);
    }

    private static void Queue(StreamSendQueue queue, byte[] bytes)
    {
        Assert.That(queue.TryReserve(bytes.Length), Is.True);
        queue.Writer.Write(bytes);
        queue.Flush();
    }
}
