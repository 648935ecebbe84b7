using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>What reading and writing share.</summary>
internal static class StunFormat
{
    //  0                   1                   2                   3
    //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    // +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    // |0 0|  message type (14)        |  message length               |
    // |                     magic cookie                              |
    // |                     transaction id (96)                       |
    // +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    // Each attribute: type (16), length without padding (16), value, zero to three bytes of padding. RFC 8489, 5 and 14.
    public const int HeaderLength = 20;
    public const int LengthOffset = 2;
    public const int CookieOffset = 4;
    public const int TransactionIdOffset = 8;
    public const int AttributeHeaderLength = 4;
    public const uint MagicCookie = 0x2112A442;

    public const int Sha1Length = 20;
    public const int Sha256Length = 32;
    public const int MinSha256Length = 16;
    public const int FingerprintLength = 4;

    private const byte FamilyIPv4 = 1;
    private const byte FamilyIPv6 = 2;

    public static int Padded(int length) => (length + 3) & ~3;

    public static int EncodedAddressLength(TransportAddress address) => 4 + address.AddressLength;

    /// <summary>Reads (XOR-)MAPPED-ADDRESS and the like: reserved (8), family (8), port (16), address.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> value, bool isXored, ReadOnlySpan<byte> message, out TransportAddress address)
    {
        address = default;
        if (value.Length < 4 || value.Length != (value[1] switch { FamilyIPv4 => 8, FamilyIPv6 => 20, _ => -1 }))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..(value.Length - 4)];
        value[4..].CopyTo(bytes);
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        if (isXored)
        {
            port ^= (ushort)(MagicCookie >> 16);
            Xor(bytes, message);
        }

        address = TransportAddress.FromBytes(bytes, port);
        return true;
    }

    public static void WriteAddress(ref SpanWriter writer, TransportAddress address, bool isXored, ReadOnlySpan<byte> message)
    {
        writer.WriteByte(0);
        writer.WriteByte(address.IsIPv4 ? FamilyIPv4 : FamilyIPv6);
        writer.WriteUInt16((ushort)(address.Port ^ (isXored ? (int)(MagicCookie >> 16) : 0)));
        var bytes = writer.Reserve(address.AddressLength);
        address.WriteAddressBytes(bytes);
        if (isXored)
        {
            Xor(bytes, message);
        }
    }

    // RFC 8489 14.2: IPv4 is XORed with the cookie, IPv6 with cookie and transaction id, which stand side by side in the header.
    private static void Xor(Span<byte> bytes, ReadOnlySpan<byte> message)
    {
        var mask = message.Slice(CookieOffset, bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= mask[i];
        }
    }
}
