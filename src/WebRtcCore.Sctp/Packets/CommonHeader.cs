using System.Buffers.Binary;

namespace WebRtcCore.Sctp.Packets;

/// <summary>The common header (RFC 9260, 3.1).</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  |     Source Port Number        |     Destination Port Number   |
///  |                      Verification Tag                         |
///  |                           Checksum                            |
/// </code>
/// </remarks>
internal readonly record struct CommonHeader(ushort SourcePort, ushort DestinationPort, uint VerificationTag)
{
    /// <summary>Its size in bytes.</summary>
    public const int Length = 12;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumOffset = 8;

    /// <summary>Reads the header of <paramref name="packet"/>, which has at least <see cref="Length"/> bytes.</summary>
    public static CommonHeader Read(ReadOnlySpan<byte> packet) => new(
        BinaryPrimitives.ReadUInt16BigEndian(packet),
        BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
        BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));

    /// <summary>Writes the header with a checksum of zero.</summary>
    public void Write(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], VerificationTag);
        BinaryPrimitives.WriteUInt32BigEndian(packet[ChecksumOffset..], 0);
    }
}
