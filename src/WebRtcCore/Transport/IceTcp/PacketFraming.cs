using System.Buffers;
using System.Buffers.Binary;

namespace WebRtcCore.Transport.IceTcp;

/// <summary>Packets in a byte stream, each behind its length (RFC 4571, 2).</summary>
/// <remarks>
/// <code>
///  0                   1
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
/// +-------------------------------+
/// |  length of the packet (16)    |
/// +-------------------------------+
/// |  packet ...
/// </code>
/// </remarks>
internal static class PacketFraming
{
    /// <summary>The length of the length.</summary>
    public const int PrefixLength = 2;

    /// <summary>What <see cref="Cut"/> found.</summary>
    public enum Outcome
    {
        /// <summary>More bytes are needed.</summary>
        Incomplete,

        /// <summary>A packet has been cut off.</summary>
        Packet,

        /// <summary>A packet that is longer than any that is taken; what is left of it is to be skipped.</summary>
        TooLong,
    }

    /// <summary>Cuts the next packet off the front of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">What has come; what is used is cut off.</param>
    /// <param name="skip">Bytes to be thrown away first: the rest of a packet that was too long. It is counted down, and set by a packet that is too long.</param>
    /// <param name="packet">Takes the packet; the longest taken.</param>
    /// <param name="length">How long it is. An empty one is a packet too.</param>
    public static Outcome Cut(ref ReadOnlySequence<byte> buffer, ref int skip, Span<byte> packet, out int length)
    {
        length = 0;
        var skipped = (int)Math.Min(skip, buffer.Length);
        buffer = buffer.Slice(skipped);
        skip -= skipped;
        if (skip > 0 || buffer.Length < PrefixLength)
        {
            return Outcome.Incomplete;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length > packet.Length)
        {
            buffer = buffer.Slice(PrefixLength);
            skip = length;
            return Outcome.TooLong;
        }

        if (buffer.Length - PrefixLength < length)
        {
            return Outcome.Incomplete;
        }

        buffer.Slice(PrefixLength, length).CopyTo(packet);
        buffer = buffer.Slice(PrefixLength + length);
        return Outcome.Packet;
    }

    /// <summary>Writes a packet behind its length.</summary>
    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> packet)
    {
        var span = writer.GetSpan(PrefixLength + packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)packet.Length);
        packet.CopyTo(span[PrefixLength..]);
        writer.Advance(PrefixLength + packet.Length);
    }
}
