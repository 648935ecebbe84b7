using System.Buffers;
using WebRtcCore.Transport.IceTcp;

namespace WebRtcCore.Tests.Transport.IceTcp;

public class PacketFramingTests
{
    [Test]
    public void Packets_come_out_as_they_went_in()
    {
        byte[][] packets = [[1], [], [2, 3], new byte[300], [4]];
        var writer = new ArrayBufferWriter<byte>();
        foreach (var packet in packets)
        {
            PacketFraming.Write(writer, packet);
        }

        Assert.That(writer.WrittenSpan[..5].ToArray(), Is.EqualTo(new byte[] { 0, 1, 1, 0, 0 }));
        var buffer = new ReadOnlySequence<byte>(writer.WrittenMemory);
        foreach (var packet in packets)
        {
            Assert.That(Cut(ref buffer, out var cut), Is.EqualTo(PacketFraming.Outcome.Packet));
            Assert.That(cut, Is.EqualTo(packet));
        }

        Assert.That(Cut(ref buffer, out _), Is.EqualTo(PacketFraming.Outcome.Incomplete));
        Assert.That(buffer.IsEmpty);
    }

    [Test]
    public void Every_prefix_of_a_packet_is_incomplete_and_stays()
    {
        byte[] stream = [0, 5, 1, 2, 3, 4, 5];
        for (var length = 0; length < stream.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(stream, 0, length);
            Assert.That(Cut(ref buffer, out _), Is.EqualTo(PacketFraming.Outcome.Incomplete));
            Assert.That(buffer.Length, Is.EqualTo(length));
        }
    }

    [Test]
    public void What_is_too_long_is_skipped_as_it_comes_and_the_next_packet_is_found()
    {
        byte[] stream = [1, 145, .. new byte[401], 0, 1, 7];
        var (skip, packet) = (0, new byte[400]);
        var outcomes = new List<PacketFraming.Outcome>();
        var kept = ReadOnlySequence<byte>.Empty;
        foreach (var chunk in stream.Chunk(100))
        {
            kept = new ReadOnlySequence<byte>([.. kept.ToArray(), .. chunk]);
            PacketFraming.Outcome outcome;
            while ((outcome = PacketFraming.Cut(ref kept, ref skip, packet, out _)) != PacketFraming.Outcome.Incomplete)
            {
                outcomes.Add(outcome);
            }

            Assert.That(kept.Length, Is.LessThan(PacketFraming.PrefixLength), "What is skipped takes no room.");
        }

        Assert.That(outcomes, Is.EqualTo(new[] { PacketFraming.Outcome.TooLong, PacketFraming.Outcome.Packet }));
        Assert.That(packet[0], Is.EqualTo(7));
    }

    private static PacketFraming.Outcome Cut(ref ReadOnlySequence<byte> buffer, out byte[] packet)
    {
        var (skip, room) = (0, new byte[400]);
        var outcome = PacketFraming.Cut(ref buffer, ref skip, room, out var length);
        packet = room[..length];
        return outcome;
    }
}
