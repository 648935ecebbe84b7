using System.Buffers.Binary;
using System.Runtime.Versioning;
using WebRtcCore.Primitives;

namespace WebRtcCore.Linux;

/// <summary>Between <see cref="TransportAddress"/> and sockaddr_in and sockaddr_in6 of Linux.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxAddress
{
    /// <summary>The longest socket address, that of IPv6.</summary>
    public const int MaxLength = 28;

    private const int IPv4Length = 16;
    private const int IPv4Family = 2;
    private const int IPv6Family = 10;
    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;
    private const int ScopeOffset = 24;

    /// <summary>Reads a socket address; <see langword="default"/> if it is of another family.</summary>
    public static TransportAddress Read(ReadOnlySpan<byte> socketAddress)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(socketAddress[PortOffset..]);
        return BinaryPrimitives.ReadUInt16LittleEndian(socketAddress) switch
        {
            IPv4Family => TransportAddress.FromBytes(socketAddress.Slice(IPv4Offset, 4), port),
            IPv6Family => TransportAddress.FromBytes(socketAddress.Slice(IPv6Offset, 16), port, BinaryPrimitives.ReadUInt32LittleEndian(socketAddress[ScopeOffset..])),
            _ => default,
        };
    }

    /// <summary>Writes a socket address.</summary>
    /// <param name="address">An address with a port.</param>
    /// <param name="socketAddress">Room for <see cref="MaxLength"/> bytes.</param>
    /// <returns>Its length.</returns>
    public static int Write(in TransportAddress address, Span<byte> socketAddress)
    {
        socketAddress.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(socketAddress, (ushort)(address.IsIPv4 ? IPv4Family : IPv6Family));
        BinaryPrimitives.WriteUInt16BigEndian(socketAddress[PortOffset..], (ushort)address.Port);
        address.WriteAddressBytes(socketAddress[(address.IsIPv4 ? IPv4Offset : IPv6Offset)..]);
        if (address.IsIPv4)
        {
            return IPv4Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(socketAddress[ScopeOffset..], (uint)address.ScopeId);
        return MaxLength;
    }
}
