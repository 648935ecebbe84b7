using WebRtcCore.Sctp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Send;

public class SendQueueTests
{
    private static readonly SctpSendParameters Plain = new(53);

    [Test]
    public void Streams_take_turns_message_by_message()
    {
        var queue = new SendQueue();
        foreach (var stream in new ushort[] { 1, 1, 1, 2, 2, 3 })
        {
            queue.Add(stream, Plain, [1, 2], VirtualClock.Start);
        }

        Assert.That(Drain(queue), Is.EqualTo(new ushort[] { 1, 2, 3, 1, 2, 1 }));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void Message_once_begun_is_finished_first()
    {
        var queue = new SendQueue();
        queue.Add(1, Plain, [1, 2, 3], VirtualClock.Start);
        Assert.That(queue.TryPeek(VirtualClock.Start, out var first), Is.True);
        queue.Cut(first, 1);
        queue.Add(2, Plain, [1], VirtualClock.Start);
        Assert.That(queue.TryPeek(VirtualClock.Start, out var again), Is.True);
        Assert.That(again, Is.SameAs(first));
    }

    [Test]
    public void Sequence_numbers_count_ordered_messages_per_stream()
    {
        var queue = new SendQueue();
        queue.Add(1, Plain, [1], VirtualClock.Start);
        queue.Add(1, Plain with { IsUnordered = true }, [1], VirtualClock.Start);
        queue.Add(1, Plain, [1], VirtualClock.Start);
        var numbers = new List<int>();
        while (queue.TryPeek(VirtualClock.Start, out var message))
        {
            queue.Cut(message, message.Length);
            numbers.Add(message.StreamSequenceNumber);
        }

        Assert.That(numbers, Is.EqualTo(new[] { 0, 0, 1 }));
    }

    [Test]
    public void Expired_messages_are_dropped_and_leave_the_buffered_amount()
    {
        var queue = new SendQueue();
        queue.Add(1, Plain with { Lifetime = TimeSpan.FromMilliseconds(10) }, [1, 2, 3], VirtualClock.Start);
        Assert.That(queue.TryPeek(VirtualClock.Start + TimeSpan.FromMilliseconds(10), out _), Is.False);
        Assert.That((queue.GetStream(1).BufferedAmount, queue.Expired, queue.Count), Is.EqualTo((0L, 1L, 0)));
    }

    [Test]
    public void Buffered_amount_falling_to_its_threshold_is_told_once()
    {
        var queue = new SendQueue();
        queue.GetStream(1).LowThreshold = 2;
        queue.Add(1, Plain, [1, 2, 3, 4], VirtualClock.Start);
        Assert.That(queue.TryPeek(VirtualClock.Start, out var message), Is.True);
        queue.Cut(message, 1);
        Assert.That(queue.TryTakeFallen(out _), Is.False);
        queue.Cut(message, 1);
        queue.Cut(message, 2);
        Assert.That(queue.TryTakeFallen(out var stream), Is.True);
        Assert.That(stream, Is.EqualTo(1));
        Assert.That(queue.TryTakeFallen(out _), Is.False);
    }

    [Test]
    public void Paused_stream_waits_and_resumes_with_number_zero()
    {
        var queue = new SendQueue();
        queue.Add(1, Plain, [1], VirtualClock.Start);
        Drain(queue);
        queue.Pause(1);
        queue.Add(1, Plain, [2], VirtualClock.Start);
        Assert.That(queue.TryPeek(VirtualClock.Start, out _), Is.False);
        queue.Resume(1, isReset: true);
        Assert.That(queue.TryPeek(VirtualClock.Start, out var message), Is.True);
        queue.Cut(message, 1);
        Assert.That(message.StreamSequenceNumber, Is.Zero);
    }

    private static List<ushort> Drain(SendQueue queue)
    {
        var order = new List<ushort>();
        while (queue.TryPeek(VirtualClock.Start, out var message))
        {
            order.Add(message.Stream.Id);
            queue.Cut(message, 1);
            if (!message.IsFullyCut)
            {
                queue.Cut(message, message.Length - 1);
            }
        }

        return order;
    }
}
