using System.Numerics;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Fec;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Tests.Fec;

/// <summary>Repair packets, encoder against decoder, in both forms.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class FecTests(bool isFlexFec)
{
    private const int First = 0xFFFA;
    private static readonly RtpHeaderExtensionMap Extensions = new([new(2, RtpHeaderExtensionUri.AbsoluteSendTime), new(3, RtpHeaderExtensionUri.TransportSequenceNumber), new(4, RtpHeaderExtensionUri.Mid)]);
    private static readonly Ssrc Ssrc = new(0x1234_5678);

    [TestCase(1, 1.0)]
    [TestCase(2, 0.5)]
    [TestCase(3, 0.34)]
    [TestCase(5, 0.4)]
    [TestCase(6, 0.5)]
    [TestCase(8, 0.5)]
    [TestCase(10, 0.3)]
    public void Every_pattern_of_losses_gives_back_what_the_parities_can(int count, double protection)
    {
        var packets = Enumerable.Range(0, count).Select(i => Packet(i, isLast: i == count - 1)).ToArray();
        var repairs = Protect(packets, protection);
        Assert.That(repairs, Is.Not.Empty);
        for (var pattern = 0; pattern < 1 << (count + repairs.Count); pattern++)
        {
            var decoder = new FecDecoder();

            // Something of the stream before, so that there is a number to count from.
            Feed(decoder, Packet(-1, isLast: true), -1);
            for (var i = 0; i < count; i++)
            {
                if ((pattern & (1 << i)) == 0)
                {
                    Feed(decoder, packets[i], i);
                }
            }

            for (var i = 0; i < repairs.Count; i++)
            {
                if ((pattern & (1 << (count + i))) == 0)
                {
                    Feed(decoder, repairs[i]);
                }
            }

            var expected = Enumerable.Range(0, count).Where(i => (pattern & (1 << i)) != 0 && IsRecoverable(pattern, i, count, repairs.Count)).Order().ToArray();
            var recovered = Take(decoder);
            Assert.That(recovered.Keys.Order(), Is.EqualTo(expected), $"pattern {pattern:b}");
            foreach (var i in expected)
            {
                Assert.That(recovered[i], Is.EqualTo(WithoutMutable(packets[i])), $"pattern {pattern:b}, packet {i}");
            }
        }
    }

    [Test]
    public void A_burst_as_long_as_there_are_repair_packets_comes_back([Range(1, 5)] int burst)
    {
        var packets = Enumerable.Range(0, 20).Select(i => Packet(i, isLast: i == 19)).ToArray();
        var repairs = Protect(packets, burst / 20.0 + 0.001);
        Assert.That(repairs, Has.Count.EqualTo(burst));
        for (var start = 0; start <= 20 - burst; start++)
        {
            var decoder = new FecDecoder();
            Feed(decoder, Packet(-1, isLast: true), -1);
            for (var i = 0; i < 20; i++)
            {
                if (i < start || i >= start + burst)
                {
                    Feed(decoder, packets[i], i);
                }
            }

            repairs.ForEach(repair => Feed(decoder, repair));
            Assert.That(Take(decoder).Keys.Order(), Is.EqualTo(Enumerable.Range(start, burst)));
        }
    }

    [Test]
    public void Repair_packets_may_come_before_the_packets_that_they_protect()
    {
        var packets = Enumerable.Range(0, 4).Select(i => Packet(i, isLast: i == 3)).ToArray();
        var repairs = Protect(packets, 0.25);
        var decoder = new FecDecoder();
        Feed(decoder, Packet(-1, isLast: true), -1);
        repairs.ForEach(repair => Feed(decoder, repair));
        Feed(decoder, packets[3], 3);
        Feed(decoder, packets[0], 0);
        Assert.That(decoder.HasRecovered, Is.False);
        Feed(decoder, packets[1], 1);
        Assert.That(Take(decoder).Keys, Is.EqualTo(new[] { 2 }));
    }

    [TestCase(0.01)]
    [TestCase(0.05)]
    [TestCase(0.10)]
    [TestCase(0.20)]
    public void Under_random_loss_more_protection_recovers_more(double loss)
    {
        var shares = new List<double>();
        foreach (var protection in new[] { 0.1, 0.2, 0.5 })
        {
            var random = new Random(11);
            var encoder = new FecEncoder();
            var decoder = new FecDecoder();
            var (lost, recovered) = (0, 0);
            for (var i = 0; i < 6000; i++)
            {
                var packet = Packet(i, isLast: i % 6 == 5);
                var view = View(packet);
                encoder.Add(view, Extensions, protection);
                if (i == 0 || random.NextDouble() >= loss)
                {
                    Feed(decoder, packet, i);
                }
                else
                {
                    lost++;
                }

                var repair = new byte[1500];
                while (encoder.TryWrite(repair, isFlexFec, out var length))
                {
                    if (random.NextDouble() >= loss)
                    {
                        Feed(decoder, repair[..length]);
                    }
                }

                recovered += Take(decoder).Count;
            }

            shares.Add(recovered / (double)lost);
        }

        TestContext.Out.WriteLine($"loss {loss:P0}: {string.Join(", ", shares.Select(s => s.ToString("P1", System.Globalization.CultureInfo.InvariantCulture)))} recovered");
        Assert.That(shares, Is.Ordered);
        Assert.That(shares[^1], Is.GreaterThan(loss <= 0.05 ? 0.9 : loss <= 0.1 ? 0.8 : 0.6));
    }

    [Test]
    public void The_header_round_trips_with_masks_of_every_length()
    {
        var random = new Random(5);
        for (var length = 1; length <= (isFlexFec ? FecMask.MaxLength : FecHeader.MaxUlpfecMask); length++)
        {
            var mask = new FecMask(UInt128.One << (length - 1));
            for (var i = 0; i < length; i++)
            {
                mask = random.Next(2) == 0 ? mask : mask.With(i);
            }

            var header = new FecHeader
            {
                FirstBytes = (ushort)(random.Next() & 0x3FFF),
                Timestamp = (uint)random.NextInt64(),
                PacketLength = (ushort)random.Next(),
                SequenceNumberBase = (ushort)random.Next(),
                Mask = mask,
                ProtectionLength = 7,
                ProtectedSsrc = isFlexFec ? Ssrc : default,
            };
            var buffer = new byte[64];
            var writer = new SpanWriter(buffer);
            if (isFlexFec)
            {
                header.WriteFlexFec(ref writer);
            }
            else
            {
                header.WriteUlpfec(ref writer);
            }

            Assert.That(writer.Position, Is.EqualTo(isFlexFec ? FecHeader.GetFlexFecLength(mask) : FecHeader.GetUlpfecLength(mask)).And.LessThanOrEqualTo(FecHeader.MaxLength));
            writer.WriteZeros(7);
            FecHeader parsed;
            Assert.That(isFlexFec ? FecHeader.TryParseFlexFec(writer.Written, out parsed) : FecHeader.TryParseUlpfec(writer.Written, out parsed), Is.True);
            Assert.That(parsed with { Length = 0, FirstBytes = (ushort)(parsed.FirstBytes & 0x3FFF) }, Is.EqualTo(header));
            for (var cut = 0; cut < parsed.Length; cut++)
            {
                Assert.That(isFlexFec ? FecHeader.TryParseFlexFec(writer.Written[..cut], out _) : FecHeader.TryParseUlpfec(writer.Written[..cut], out _), Is.False);
            }
        }
    }

    [Test]
    public void Hostile_repair_packets_recover_nothing_and_what_is_kept_is_bounded()
    {
        var random = new Random(1);
        var decoder = new FecDecoder();
        for (var i = 0; i < 20_000; i++)
        {
            var repair = new byte[random.Next(80)];
            random.NextBytes(repair);
            if (repair.Length > 24 && isFlexFec)
            {
                repair[0] &= 0x3F;
                repair[8] = 1;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(repair.AsSpan(12), Ssrc.Value);
            }

            Feed(decoder, repair);
            if (i % 50 == 0)
            {
                Feed(decoder, Packet(i / 50, isLast: true), i / 50);
            }

            foreach (var packet in Take(decoder).Values)
            {
                Assert.That(packet, Has.Length.LessThanOrEqualTo(FecPackets.MaxPacketLength));
                Assert.That(RtpPacketView.TryParse(packet, out _), Is.True, "What comes out is at least an RTP packet.");
            }
        }

        Assert.That(decoder.RepairsReceived, Is.EqualTo(20_000));
        Assert.That(decoder.RepairsDiscarded, Is.GreaterThan(19_000));
    }

    [Test]
    public void A_length_beyond_the_parity_is_refused()
    {
        var packets = new[] { Packet(0, false), Packet(1, true) };
        var repair = Protect(packets, 0.5)[0];
        repair[isFlexFec ? 2 : 8] ^= 0x40; // length recovery, high byte
        var decoder = new FecDecoder();
        Feed(decoder, Packet(-1, true), -1);
        Feed(decoder, packets[0], 0);
        Feed(decoder, repair);
        Assert.That(decoder.HasRecovered, Is.False);
        Assert.That(decoder.RepairsDiscarded, Is.EqualTo(1));
    }

    private static bool IsRecoverable(int pattern, int packet, int count, int repairs)
    {
        var part = packet % repairs;
        var lostInPart = BitOperations.PopCount((uint)Enumerable.Range(0, count).Where(i => i % repairs == part && (pattern & (1 << i)) != 0).Aggregate(0, (all, i) => all | (1 << i)));
        return lostInPart == 1 && (pattern & (1 << (count + part))) == 0;
    }

    private static byte[] Packet(int index, bool isLast)
    {
        var random = new Random(index + 100);
        var buffer = new byte[1300];
        var writer = new RtpPacketWriter(buffer, Ssrc, new PayloadType(96), (ushort)(First + index), (uint)(1000 + (index / 6 * 3000)), isLast);
        if (index % 4 == 1)
        {
            writer.TryAddCsrc(new Ssrc((uint)index));
        }

        Span<byte> value = stackalloc byte[3];
        random.NextBytes(value);
        writer.TryAddExtension(2, value);
        writer.TryAddExtension(3, value[..2]);
        writer.TryAddExtension(4, "v"u8);
        var payload = new byte[random.Next(1, 1100)];
        random.NextBytes(payload);
        writer.TryAddPayload(payload);
        if (index % 5 == 2)
        {
            writer.TryAddPadding(7);
        }

        return buffer[..writer.Complete()];
    }

    private static byte[] WithoutMutable(byte[] packet)
    {
        var view = View(packet);
        var copy = new byte[packet.Length];
        FecPackets.CopyProtected(view, Extensions, copy);
        return copy;
    }

    private static RtpPacketView View(ReadOnlySpan<byte> packet) => RtpPacketView.TryParse(packet, out var view) ? view : throw new InvalidOperationException("No packet.");

    private static Dictionary<int, byte[]> Take(FecDecoder decoder)
    {
        var taken = new Dictionary<int, byte[]>();
        var buffer = new byte[1500];
        while (decoder.TryTakeRecovered(buffer, out var length))
        {
            var view = View(buffer.AsSpan(0, length));
            taken[(ushort)(view.SequenceNumber - First)] = buffer[..length];
        }

        return taken;
    }

    private static void Feed(FecDecoder decoder, byte[] packet, int index)
    {
        var view = View(packet);
        decoder.AddMedia(view, 0x1_0000 + First + index, Extensions);
    }

    private List<byte[]> Protect(byte[][] packets, double protection)
    {
        var encoder = new FecEncoder();
        foreach (var packet in packets)
        {
            var view = View(packet);
            encoder.Add(view, Extensions, protection);
        }

        var repairs = new List<byte[]>();
        var buffer = new byte[1500];
        while (encoder.TryWrite(buffer, isFlexFec, out var length))
        {
            repairs.Add(buffer[..length]);
        }

        return repairs;
    }

    private void Feed(FecDecoder decoder, byte[] repair)
    {
        if (isFlexFec)
        {
            decoder.AddFlexFec(repair, Ssrc);
        }
        else
        {
            decoder.AddUlpfec(repair, Ssrc);
        }
    }
}
