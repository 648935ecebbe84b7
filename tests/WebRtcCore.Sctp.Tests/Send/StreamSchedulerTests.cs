using WebRtcCore.Sctp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Send;

/// <summary>RFC 8260, 3, and the priorities of RFC 8831, 6.4.</summary>
public class StreamSchedulerTests
{
    private const int Fragment = 1000;
    private static readonly SctpSendParameters Plain = new(53);
    private static readonly int[] Priorities = [128, 256, 512, 1024];

    [Test]
    public void Weighted_streams_share_in_proportion_to_their_priorities([Values] bool isInterleaving)
    {
        var queue = Create(isInterleaving);
        var served = new long[Priorities.Length];
        for (var i = 0; i < Priorities.Length; i++)
        {
            queue.GetStream((ushort)i).Weight = Priorities[i];
            Fill(queue, (ushort)i, 400, 10_000);
        }

        Serve(queue, 1000, message => served[message.Stream.Id] += Fragment);
        for (var i = 0; i < Priorities.Length; i++)
        {
            var share = (double)served[i] / served.Sum();
            Assert.That(share, Is.EqualTo(Priorities[i] / 1920.0).Within(isInterleaving ? 0.01 : 0.02), $"priority {Priorities[i]}");
        }
    }

    [Test]
    public void Weighted_streams_share_by_bytes_whatever_the_sizes_of_their_messages()
    {
        var queue = Create(isInterleaving: true);
        Fill(queue, 1, 40, 100_000);
        Fill(queue, 2, 4000, 1000);
        var served = new long[3];
        Serve(queue, 2000, message => served[message.Stream.Id]++);
        Assert.That((double)served[1] / served[2], Is.EqualTo(1).Within(0.02));
    }

    [Test]
    public void No_stream_starves_beside_a_much_heavier_one()
    {
        var queue = Create(isInterleaving: true);
        queue.GetStream(1).Weight = ushort.MaxValue;
        queue.GetStream(2).Weight = 64;
        Fill(queue, 1, 400, 100_000);
        Fill(queue, 2, 10, 1000);
        var served = 0;
        Serve(queue, 5000, message => served += message.Stream.Id == 2 ? 1 : 0);
        Assert.That(served, Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public void Stream_that_was_idle_is_served_next_and_saves_no_share_up()
    {
        var queue = Create(isInterleaving: true);
        Fill(queue, 1, 10, 100_000);
        Serve(queue, 200, _ => { });
        Fill(queue, 2, 400, 1000);
        var order = new List<int>();
        Serve(queue, 20, message => order.Add(message.Stream.Id));
        Assert.That(order.Take(2), Does.Contain(2));
        Assert.That(order.Count(id => id == 2), Is.EqualTo(10).Within(1));
    }

    [Test]
    public void Round_robin_serves_fragments_in_turn_and_whole_messages_without_interleaving([Values] bool isInterleaving)
    {
        var queue = Create(isInterleaving, SctpStreamScheduling.RoundRobin);
        queue.GetStream(1).Weight = 1024;
        Fill(queue, 1, 2, 3000);
        Fill(queue, 2, 2, 3000);
        var order = new List<int>();
        Serve(queue, 12, message => order.Add(message.Stream.Id));
        Assert.That(order, Is.EqualTo(isInterleaving ? new[] { 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2 } : [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]));
    }

    [Test]
    public void Messages_of_one_stream_are_never_interleaved([Values] SctpStreamScheduling scheduling)
    {
        var queue = Create(isInterleaving: true, scheduling);
        queue.Add(1, Plain, new byte[5000], VirtualClock.Start);
        queue.Add(1, Plain with { IsUnordered = true }, new byte[5000], VirtualClock.Start);
        queue.Add(2, Plain, new byte[5000], VirtualClock.Start);
        var seen = new List<OutgoingMessage>();
        Serve(queue, 15, message => seen.Add(message));
        Assert.That(seen.Where(message => message.Stream.Id == 1).Select(message => message.IsUnordered), Is.EqualTo(Enumerable.Repeat(false, 5).Concat(Enumerable.Repeat(true, 5))));
    }

    [Test]
    public void Half_sent_messages_are_bounded_and_those_that_wait_begin_first_come_first_served()
    {
        var queue = Create(isInterleaving: true, receiveBuffer: 60_000);
        for (ushort stream = 1; stream <= 6; stream++)
        {
            Fill(queue, stream, 1, 10_000);
        }

        Fill(queue, 9, 1, Fragment);
        var begun = new List<int>();
        var open = new HashSet<int>();
        Serve(queue, 61, message =>
        {
            if (message.FragmentCount++ == 0)
            {
                begun.Add(message.Stream.Id);
            }

            _ = message.IsFullyCut ? open.Remove(message.Stream.Id) : open.Add(message.Stream.Id);
            Assert.That(open, Has.Count.LessThanOrEqualTo(3));
        });
        Assert.That(begun, Is.EqualTo(new[] { 1, 2, 3, 9, 4, 5, 6 }));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void One_message_larger_than_the_bound_is_under_way_at_a_time_and_holds_up_no_other()
    {
        var queue = Create(isInterleaving: true, receiveBuffer: 60_000);
        Fill(queue, 1, 1, 200_000);
        Fill(queue, 2, 1, 200_000);
        var order = new List<int>();
        Serve(queue, 10, message => order.Add(message.Stream.Id));
        Assert.That(order.Distinct(), Is.EqualTo(new[] { 1 }));
        Fill(queue, 3, 1, Fragment);
        Serve(queue, 2, message => order.Add(message.Stream.Id));
        Assert.That(order, Does.Contain(3));
        Serve(queue, 389, message => order.Add(message.Stream.Id));
        Assert.That((order.Count(id => id == 1), order.Count(id => id == 2), queue.Count), Is.EqualTo((200, 200, 0)));
    }

    [Test]
    public void Scheduling_two_thousand_streams_costs_a_choice_per_fragment([Values] SctpStreamScheduling scheduling, [Values] bool isInterleaving)
    {
        var queue = Create(isInterleaving, scheduling, receiveBuffer: 1_000_000);
        for (ushort stream = 0; stream < 2000; stream++)
        {
            Fill(queue, stream, 2, 3 * Fragment);
        }

        var fragments = 0;
        Serve(queue, int.MaxValue, _ => fragments++);
        Assert.That(fragments, Is.EqualTo(12_000));
        Assert.That(queue.Choices, Is.LessThanOrEqualTo(2 * fragments), "each stream is looked at for its turn, and once more where it has to wait");
    }

    private static SendQueue Create(bool isInterleaving, SctpStreamScheduling scheduling = SctpStreamScheduling.WeightedFair, long receiveBuffer = 100_000_000)
    {
        var queue = new SendQueue(scheduling);
        queue.Configure(isInterleaving, receiveBuffer, Fragment);
        return queue;
    }

    private static void Fill(SendQueue queue, ushort stream, int messages, int length)
    {
        for (var i = 0; i < messages; i++)
        {
            queue.Add(stream, Plain, new byte[length], VirtualClock.Start);
        }
    }

    private static void Serve(SendQueue queue, int fragments, Action<OutgoingMessage> served)
    {
        for (var i = 0; i < fragments && queue.TryPeek(VirtualClock.Start, out var message); i++)
        {
            queue.Cut(message, Math.Min(Fragment, message.Length - message.Cut));
            served(message);
        }
    }
}
