using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Send;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RetransmissionCacheTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(5);

    [Test]
    public void Kept_packets_are_found_with_their_bytes_while_the_ring_grows()
    {
        var cache = new RetransmissionCache(1024 * 1024);
        var random = new SeededRandomSource(3);
        var packets = new Dictionary<ushort, byte[]>();
        for (var i = 0; i < 1000; i++)
        {
            var packet = new byte[100 + random.Next(1100)];
            random.Fill(packet);
            packets[(ushort)(65_000 + i)] = packet;
            cache.Add((ushort)(65_000 + i), packet, _now);
            _now += TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond);
        }

        foreach (var (number, packet) in packets)
        {
            Assert.That(cache.TryFind(number, _now, Interval, out var found), Is.True, $"{number}");
            Assert.That(found.SequenceEqual(packet), Is.True, $"{number}");
        }
    }

    [Test]
    public void The_ring_stays_small_at_a_low_rate_and_within_its_limit_at_a_high_one()
    {
        var slow = new RetransmissionCache(1024 * 1024);
        var fast = new RetransmissionCache(100_000);
        for (var i = 0; i < 10_000; i++)
        {
            slow.Add((ushort)i, new byte[200], _now);
            fast.Add((ushort)i, new byte[1200], _now);
            _now += TimeSpan.FromMilliseconds(20);
        }

        Assert.That(slow.Capacity, Is.EqualTo(16 * 1024));
        Assert.That(fast.Capacity, Is.LessThanOrEqualTo(100_000));
        Assert.That(fast.TryFind(9_999, _now, Interval, out _), Is.True);
        Assert.That(fast.TryFind(9_000, _now, Interval, out _), Is.False);
    }

    [Test]
    public void Never_gives_bytes_of_another_packet()
    {
        var cache = new RetransmissionCache(60_000);
        var random = new SeededRandomSource(9);
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[50 + random.Next(1200)];
            packet.AsSpan().Fill((byte)i);
            cache.Add((ushort)i, packet, _now);
            _now += TimeSpan.FromMilliseconds(random.Next(3));
            var asked = (ushort)(i - random.Next(200));
            if (cache.TryFind(asked, _now, Interval, out var found))
            {
                Assert.That(found.IndexOfAnyExcept((byte)asked), Is.EqualTo(-1));
            }
        }
    }

    // security.md row 25.
    [Test]
    public void A_packet_is_given_once_per_interval()
    {
        var cache = new RetransmissionCache(100_000);
        cache.Add(7, new byte[100], _now);
        Assert.That(cache.TryFind(7, _now, Interval, out _), Is.True);
        Assert.That(cache.TryFind(7, _now + Interval / 2, Interval, out _), Is.False);
        Assert.That(cache.TryFind(7, _now + Interval, Interval, out _), Is.True);
        Assert.That(cache.TryFind(8, _now, Interval, out _), Is.False);
    }

    [Test]
    public void Keeping_packets_allocates_nothing_in_steady_state()
    {
        var cache = new RetransmissionCache(64 * 1024);
        var packet = new byte[1100];
        ushort number = 0;
        var allocated = Allocations.Measure(() =>
        {
            cache.Add(number++, packet, _now);
            _now += TimeSpan.FromMilliseconds(1);
        });
        Assert.That(allocated, Is.Zero);
    }
}
