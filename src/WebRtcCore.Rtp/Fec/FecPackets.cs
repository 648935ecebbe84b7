using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Fec;

/// <summary>What encoder and decoder of repair packets have in common: the protected form of a packet, and parity.</summary>
internal static class FecPackets
{
    /// <summary>The longest packet that is protected or recovered.</summary>
    public const int MaxPacketLength = 1500;

    /// <summary>
    /// Copies a packet in the form that is protected: without what is written anew whenever it leaves, so that both sides see the same bytes.
    /// </summary>
    /// <returns>The bytes copied.</returns>
    public static int CopyProtected(RtpPacketView packet, RtpHeaderExtensionMap extensions, Span<byte> destination)
    {
        packet.Packet.CopyTo(destination);
        foreach (var element in packet.Extensions)
        {
            var start = GetMutableStart(extensions.GetKind(element.Id));
            if (start < element.Value.Length && packet.Packet.Overlaps(element.Value, out var offset))
            {
                destination[(offset + start)..(offset + element.Value.Length)].Clear();
            }
        }

        return packet.Packet.Length;
    }

    // Of a frame's timing, what the pacer and forwarders write: behind flags and the first three times.
    private static int GetMutableStart(RtpHeaderExtensionKind kind) => kind switch
    {
        RtpHeaderExtensionKind.AbsoluteSendTime or RtpHeaderExtensionKind.TransportSequenceNumber or RtpHeaderExtensionKind.TransmissionTimeOffset => 0,
        RtpHeaderExtensionKind.VideoTiming => 1 + (3 * sizeof(ushort)),
        _ => int.MaxValue,
    };

    /// <summary>Adds a packet to a parity.</summary>
    /// <param name="header">The parity of the headers.</param>
    /// <param name="parity">The parity of what lies behind the fixed header, at least as long as the packet's.</param>
    /// <param name="packet">The packet, in its protected form.</param>
    public static void Add(ref FecHeader header, Span<byte> parity, ReadOnlySpan<byte> packet)
    {
        header = header with
        {
            FirstBytes = (ushort)(header.FirstBytes ^ BinaryPrimitives.ReadUInt16BigEndian(packet)),
            Timestamp = header.Timestamp ^ BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            PacketLength = (ushort)(header.PacketLength ^ (packet.Length - FecHeader.RtpHeaderLength)),
        };
        var rest = packet[FecHeader.RtpHeaderLength..];
        Xor(parity, rest.Length > parity.Length ? rest[..parity.Length] : rest);
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> source)
    {
        var wide = source.Length - (source.Length % Vector<byte>.Count);
        var targets = MemoryMarshal.Cast<byte, Vector<byte>>(target[..wide]);
        var sources = MemoryMarshal.Cast<byte, Vector<byte>>(source[..wide]);
        for (var i = 0; i < sources.Length; i++)
        {
            targets[i] ^= sources[i];
        }

        for (var i = wide; i < source.Length; i++)
        {
            target[i] ^= source[i];
        }
    }
}
