using WebRtcCore.Primitives;
using WebRtcCore.Session;

namespace WebRtcCore.Tests.Transport;

public sealed class TransmitBatchTests
{
    private static readonly NetworkPath Path = new(TransportAddress.Parse("10.0.0.1", 1), TransportAddress.Parse("10.0.0.2", 2));

    [Test]
    public void Datagrams_of_one_size_leave_together_with_a_shorter_last_one()
    {
        var target = new Target();
        var batch = new TransmitBatch(target, 1200);
        Write(batch, 1200, 1);
        Write(batch, 1200, 2);
        Write(batch, 700, 3);
        Write(batch, 700, 4);
        batch.Flush();
        Assert.That(target.Calls, Is.EqualTo(new[] { "1200,1200,700: 1 2 3", "700: 4" }));
    }

    [Test]
    public void A_probe_leaves_alone_behind_what_was_collected_and_whole()
    {
        var target = new Target();
        var batch = new TransmitBatch(target, 9000);
        Write(batch, 1200, 1);
        Write(batch, 1200, 2, TransmitKind.Probe);
        Write(batch, 1200, 3);
        Write(batch, 8972, 4, TransmitKind.MayFragment);
        Write(batch, 1200, 5);
        Write(batch, 1200, 6);
        batch.Flush();
        Assert.That(target.Calls, Is.EqualTo(new[] { "1200: 1", "Probe 1200: 2", "1200: 3", "MayFragment 8972: 4", "1200,1200: 5 6" }));
    }

    [Test]
    public void A_call_carries_no_more_than_the_kernel_takes_whatever_the_size([Values(100, 1200, 1472, 8972)] int size)
    {
        var target = new Target();
        var batch = new TransmitBatch(target, 9000);
        for (var i = 0; i < 200; i++)
        {
            Write(batch, size, (byte)i);
        }

        batch.Flush();
        Assert.That(target.Sizes, Is.All.LessThanOrEqualTo(65_507));
        Assert.That(target.Sizes.Sum(), Is.EqualTo(200 * size));
        Assert.That(target.Sizes.Max() / size, Is.LessThanOrEqualTo(64));
    }

    private static void Write(TransmitBatch batch, int length, byte content, TransmitKind kind = TransmitKind.Normal)
    {
        batch.Next()[..length].Fill(content);
        batch.Add(new Transmit(length, Path) { Kind = kind });
    }

    private sealed class Target : ITransmitTarget
    {
        public List<string> Calls { get; } = [];

        public List<int> Sizes { get; } = [];

        public void Send(ReadOnlySpan<byte> datagrams, int segmentSize, in NetworkPath path)
        {
            Sizes.Add(datagrams.Length);
            var (sizes, contents) = (new List<int>(), new List<byte>());
            for (; datagrams.Length > 0; datagrams = datagrams[sizes[^1]..])
            {
                sizes.Add(Math.Min(segmentSize, datagrams.Length));
                contents.Add(datagrams[0]);
                Assert.That(datagrams[..sizes[^1]].IndexOfAnyExcept(datagrams[0]), Is.EqualTo(-1));
            }

            Calls.Add($"{string.Join(',', sizes)}: {string.Join(' ', contents)}");
        }

        public void SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in NetworkPath path)
        {
            Assert.That(datagram.IndexOfAnyExcept(datagram[0]), Is.EqualTo(-1));
            Calls.Add($"{kind} {datagram.Length}: {datagram[0]}");
        }
    }
}
