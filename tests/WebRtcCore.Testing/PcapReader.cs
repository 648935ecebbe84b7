using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>Reads classic pcap files (either byte order, micro- or nanoseconds): Ethernet, Linux cooked, raw IP and SCTP link types.</summary>
public static class PcapReader
{
    private const int LinkEthernet = 1;
    private const int LinkRawIp = 101;
    private const int LinkLinuxCooked = 113;
    private const int LinkSctp = 248;
    private const byte ProtocolUdp = 17;
    private const byte ProtocolSctp = 132;

    /// <summary>The UDP and SCTP packets of a file, in file order. Others are left out; a cut-off last record ends the list.</summary>
    public static IReadOnlyList<PcapPacket> Read(string path) => Read(File.ReadAllBytes(path));

    /// <summary>The UDP and SCTP packets of a capture in memory.</summary>
    public static IReadOnlyList<PcapPacket> Read(ReadOnlySpan<byte> file)
    {
        var magic = file.Length < 24 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(file);
        var (isLittle, ticksPerFraction) = magic switch
        {
            0xA1B2C3D4 => (true, 10.0),
            0xA1B23C4D => (true, 0.01),
            0xD4C3B2A1 => (false, 10.0),
            0x4D3CB2A1 => (false, 0.01),
            _ => throw new InvalidDataException("Not a pcap file."),
        };
        var linkType = (int)(UInt32(file[20..], isLittle) & 0x0FFF_FFFF);
        var packets = new List<PcapPacket>();
        long? first = null;
        for (var rest = file[24..]; rest.Length >= 16;)
        {
            var ticks = (UInt32(rest, isLittle) * TimeSpan.TicksPerSecond) + (long)(UInt32(rest[4..], isLittle) * ticksPerFraction);
            var length = UInt32(rest[8..], isLittle);
            if (length > rest.Length - 16)
            {
                break;
            }

            first ??= ticks;
            if (Decode(rest.Slice(16, (int)length), linkType, TimeSpan.FromTicks(ticks - first.Value)) is { } packet)
            {
                packets.Add(packet);
            }

            rest = rest[(16 + (int)length)..];
        }

        return packets;
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static PcapPacket? Decode(ReadOnlySpan<byte> frame, int linkType, TimeSpan time) => linkType switch
    {
        LinkEthernet => DecodeEthernet(frame, time),
        LinkLinuxCooked when frame.Length >= 16 => DecodeIp(frame[16..], time),
        LinkRawIp => DecodeIp(frame, time),
        LinkSctp => DecodeSctp(frame, time),
        _ => throw new InvalidDataException($"Link type {linkType} is not supported."),
    };

    private static PcapPacket? DecodeEthernet(ReadOnlySpan<byte> frame, TimeSpan time)
    {
        if (frame.Length < 14)
        {
            return null;
        }

        var header = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x8100 ? 18 : 14;
        return frame.Length < header ? null : DecodeIp(frame[header..], time);
    }

    private static PcapPacket? DecodeIp(ReadOnlySpan<byte> packet, TimeSpan time)
    {
        var version = packet.Length < 20 ? 0 : packet[0] >> 4;
        if (version == 4)
        {
            var header = (packet[0] & 0xF) * 4;
            var total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0;
            return isFragment || total > packet.Length || header < 20 || header > total
                ? null
                : DecodeTransport(packet[9], packet[12..16], packet[16..20], packet[header..total], time);
        }

        if (version == 6 && packet.Length >= 40)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
            return length > packet.Length - 40 ? null : DecodeTransport(packet[6], packet[8..24], packet[24..40], packet.Slice(40, length), time);
        }

        return null;
    }

    private static PcapPacket? DecodeTransport(byte protocol, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> segment, TimeSpan time)
    {
        if (segment.Length < 8 || protocol is not (ProtocolUdp or ProtocolSctp))
        {
            return null;
        }

        var from = TransportAddress.FromBytes(source, BinaryPrimitives.ReadUInt16BigEndian(segment));
        var to = TransportAddress.FromBytes(destination, BinaryPrimitives.ReadUInt16BigEndian(segment[2..]));
        if (protocol == ProtocolSctp)
        {
            return new PcapPacket(time, PcapProtocol.Sctp, from, to, segment.ToArray());
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(segment[4..]);
        return length < 8 || length > segment.Length ? null : new PcapPacket(time, PcapProtocol.Udp, from, to, segment[8..length].ToArray());
    }

    private static PcapPacket? DecodeSctp(ReadOnlySpan<byte> packet, TimeSpan time)
    {
        if (packet.Length < 12)
        {
            return null;
        }

        ReadOnlySpan<byte> none = [0, 0, 0, 0];
        return new PcapPacket(
            time,
            PcapProtocol.Sctp,
            TransportAddress.FromBytes(none, BinaryPrimitives.ReadUInt16BigEndian(packet)),
            TransportAddress.FromBytes(none, BinaryPrimitives.ReadUInt16BigEndian(packet[2..])),
            packet.ToArray());
    }
}
