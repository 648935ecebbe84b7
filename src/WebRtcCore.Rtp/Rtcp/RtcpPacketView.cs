using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>One packet of an RTCP compound, whatever its type. It borrows the datagram.</summary>
public readonly ref struct RtcpPacketView
{
    private readonly int _paddingLength;

    private RtcpPacketView(ReadOnlySpan<byte> packet, int paddingLength)
    {
        Packet = packet;
        _paddingLength = paddingLength;
    }

    /// <summary>The whole packet, with header and padding.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>The packet type; values outside the enumeration are possible.</summary>
    public RtcpPacketType Type => (RtcpPacketType)Packet[1];

    /// <summary>The five bits after the version: a count, a feedback message type or a subtype.</summary>
    public int Count => Packet[0] & RtcpHeader.CountMask;

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Body => Packet[RtcpHeader.Length..^_paddingLength];

    /// <summary>Bytes of padding; 0 without.</summary>
    public int PaddingLength => _paddingLength;

    /// <summary>Takes the first packet of <paramref name="bytes"/>.</summary>
    /// <returns><see langword="false"/> if header, length or padding do not fit.</returns>
    internal static bool TryTake(ReadOnlySpan<byte> bytes, out RtcpPacketView packet)
    {
        packet = default;
        if (bytes.Length < RtcpHeader.Length || bytes[0] >> 6 != 2)
        {
            return false;
        }

        var length = (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) + 1) * sizeof(uint);
        if (length > bytes.Length)
        {
            return false;
        }

        var paddingLength = 0;
        if ((bytes[0] & RtcpHeader.PaddingBit) != 0)
        {
            // RFC 3550 6.4.1: the last byte counts the padding, itself included.
            paddingLength = bytes[length - 1];
            if (paddingLength == 0 || paddingLength > length - RtcpHeader.Length)
            {
                return false;
            }
        }

        packet = new RtcpPacketView(bytes[..length], paddingLength);
        return true;
    }
}
