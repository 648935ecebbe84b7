using System.Buffers.Binary;
using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Testing;

public class PcapReaderTests
{
    private static readonly byte[] Udp4 =
    [
        0x45, 0, 0, 31, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        0x13, 0x88, 0x13, 0x89, 0, 11, 0, 0, 1, 2, 3,
    ];

    private static readonly byte[] Sctp = [0x13, 0x88, 0x13, 0x88, 0, 0, 0, 1, 9, 9, 9, 9, 1, 0, 0, 4];

    [TestCase(true)]
    [TestCase(false)]
    public void Reads_UDP_from_raw_IP_in_either_byte_order(bool isLittle)
    {
        var packets = PcapReader.Read(File(101, isLittle, Udp4, Udp4));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(packets, Has.Count.EqualTo(2));
            Assert.That(packets[1].Time, Is.EqualTo(TimeSpan.FromMilliseconds(1500)));
            Assert.That(packets[0].Source, Is.EqualTo(TransportAddress.Parse("10.0.0.1", 5000)));
            Assert.That(packets[0].Destination, Is.EqualTo(TransportAddress.Parse("10.0.0.2", 5001)));
            Assert.That(packets[0].Payload, Is.EqualTo(new byte[] { 1, 2, 3 }));
        }
    }

    [Test]
    public void Reads_Ethernet_and_leaves_out_its_padding()
    {
        byte[] frame = [.. new byte[12], 0x08, 0, .. Udp4, .. new byte[15]];
        Assert.That(PcapReader.Read(File(1, true, frame))[0].Payload, Has.Length.EqualTo(3));
    }

    [Test]
    public void Reads_IPv6()
    {
        byte[] packet = [0x60, 0, 0, 0, 0, 11, 17, 64, .. new byte[15], 1, .. new byte[15], 2, .. Udp4[20..]];
        var read = PcapReader.Read(File(101, true, packet))[0];
        Assert.That(read.Destination, Is.EqualTo(TransportAddress.Parse("::2", 5001)));
    }

    [Test]
    public void Reads_SCTP_by_link_type()
    {
        var packet = PcapReader.Read(File(248, true, Sctp))[0];
        Assert.That(packet.Protocol, Is.EqualTo(PcapProtocol.Sctp));
        Assert.That(packet.Payload, Is.EqualTo(Sctp));
    }

    [Test]
    public void Truncated_and_foreign_files_do_not_get_past_their_end()
    {
        var file = File(101, true, Udp4, Udp4);
        for (var length = 24; length < file.Length; length++)
        {
            Assert.That(PcapReader.Read(file.AsSpan(0, length)), Has.Count.LessThan(2));
        }

        Assert.That(() => PcapReader.Read(file.AsSpan(0, 23)), Throws.InstanceOf<InvalidDataException>());
    }

    private static byte[] File(int linkType, bool isLittle, params byte[][] frames)
    {
        using var stream = new MemoryStream();
        Write(stream, isLittle, 0xA1B2_C3D4, 0x0002_0004, 0, 0, 65_535, (uint)linkType);
        for (var i = 0; i < frames.Length; i++)
        {
            Write(stream, isLittle, (uint)(1_700_000_000 + i), (uint)(i * 500_000), (uint)frames[i].Length, (uint)frames[i].Length);
            stream.Write(frames[i]);
        }

        return stream.ToArray();
    }

    private static void Write(MemoryStream stream, bool isLittle, params uint[] values)
    {
        foreach (var value in values)
        {
            var bytes = new byte[4];
            if (isLittle)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            }

            stream.Write(bytes);
        }
    }
}
