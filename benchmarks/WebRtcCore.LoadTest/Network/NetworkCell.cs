using System.Buffers.Binary;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp;
using WebRtcCore.Testing;

namespace WebRtcCore.LoadTest.Network;

/// <summary>One cell of the network table: a path, a loss rate, a bottleneck, and a way to send. The same cell gives the same figures in every run.</summary>
/// <param name="RttMilliseconds">The round-trip time without queue.</param>
/// <param name="LossPercent">Random loss in each direction.</param>
/// <param name="Megabits">The bottleneck's rate.</param>
/// <param name="Sender">The way to send.</param>
internal sealed record NetworkCell(int RttMilliseconds, double LossPercent, int Megabits, NetworkSender Sender)
{
    private const int BulkMessage = 16_384;
    private const int Backlog = 1024 * 1024;
    private const int SmallMessage = 200;
    private const int Seeds = 2;
    private static readonly TimeSpan SmallInterval = TimeSpan.FromMilliseconds(20);

    private LinkConditions Conditions
    {
        get
        {
            var bitsPerSecond = Megabits * 1_000_000L;
            return new LinkConditions
            {
                Delay = TimeSpan.FromMilliseconds(RttMilliseconds / 2.0),
                LossRate = LossPercent / 100,
                BandwidthBps = bitsPerSecond,

                // The bandwidth-delay product, and 100 ms at least.
                QueueBytes = (int)(bitsPerSecond / 8 * Math.Max(RttMilliseconds, 100) / 1000),
            };
        }
    }

    /// <summary>Megabits of messages a second, delivered in order, the start included; the mean of two runs with different losses.</summary>
    public double MeasureThroughput(TimeSpan duration) => Enumerable.Range(1, Seeds).Average(seed => MeasureThroughput(duration, seed));

    /// <summary>From sending to delivery of 200 bytes every 20 ms, in order, in milliseconds.</summary>
    public Percentiles MeasureLatency(TimeSpan duration)
    {
        var (a, b, pair) = Connect(seed: 1);
        var (end, next) = (pair.Now + duration, pair.Now);
        var samples = new List<double>();
        var message = new byte[SmallMessage];
        b.OnMessage = (bytes, now) => samples.Add((now - new Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes.Span))).TotalMilliseconds);
        a.OnTurn = now =>
        {
            for (; next <= now && next < end; next += SmallInterval)
            {
                BinaryPrimitives.WriteInt64LittleEndian(message, next.Ticks);
                a.Association.Send(1, new SctpSendParameters(53), message, now);
            }

            a.NextTurn = next < end ? next : null;
        };
        pair.Drive(() => samples.Count >= (int)(duration / SmallInterval), duration * 10);
        return new Percentiles(samples);
    }

    private double MeasureThroughput(TimeSpan duration, int seed)
    {
        var (a, b, pair) = Connect(seed);
        var message = new byte[BulkMessage];
        a.OnTurn = now =>
        {
            while (a.Association.GetBufferedAmount(1) < Backlog && a.Association.Send(1, new SctpSendParameters(53), message, now))
            {
            }
        };
        pair.Drive(duration);
        return b.Received * 8 / duration.TotalSeconds / 1e6;
    }

    private (NetworkPeer A, NetworkPeer B, Pair Pair) Connect(int seed)
    {
        var a = new NetworkPeer((2 * seed) + 100, Sender.Options);
        var b = new NetworkPeer((2 * seed) + 101, Sender.Options);
        var pair = new Pair(a, b, seed, Conditions with { LossRate = 0 });
        a.Association.Associate(pair.Now);
        b.Association.Associate(pair.Now);
        if (!pair.Drive(() => a.Association.State == SctpAssociationState.Established && b.Association.State == SctpAssociationState.Established))
        {
            throw new InvalidOperationException($"{this} does not connect.");
        }

        pair.Network.Conditions = Conditions;
        return (a, b, pair);
    }
}
