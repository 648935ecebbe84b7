using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>Makes SCTP packets that get past tag and checksum.</summary>
internal static class SctpPackets
{
    /// <summary>A packet with free chunks.</summary>
    public static byte[] Create(uint tag, byte[] chunks)
    {
        byte[] packet = [0x13, 0x88, 0x13, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, .. chunks];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), tag);
        return WithChecksum(packet);
    }

    /// <summary>Sets the checksum of a packet in place.</summary>
    public static byte[] WithChecksum(byte[] packet)
    {
        if (packet.Length >= 12)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), Crc32c.ComputePacket(packet));
        }

        return packet;
    }
}
