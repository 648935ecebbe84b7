using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// Between <see cref="TransportAddress"/> and the socket layer's <see cref="SocketAddress"/>, without allocating for a peer that is known.
/// Any thread may call it: entries are immutable and replaced as a whole.
/// </summary>
/// <param name="slots">How many addresses are kept; beyond them one costs an allocation now and then.</param>
internal sealed class SocketAddressMap(int slots)
{
    private const int PortOffset = 2;
    private const int IPv4AddressOffset = 4;
    private const int IPv6AddressOffset = 8;
    private const int IPv6ScopeOffset = 24;
    private readonly Entry?[] _entries = new Entry?[slots];

    /// <summary>The socket address of <paramref name="address"/>; it is shared and must not be changed.</summary>
    public SocketAddress Get(in TransportAddress address)
    {
        ref var slot = ref _entries[(uint)address.GetHashCode() % (uint)_entries.Length];
        var entry = Volatile.Read(ref slot);
        if (entry is null || entry.Address != address)
        {
            entry = new Entry(address, address.ToIPEndPoint().Serialize());
            Volatile.Write(ref slot, entry);
        }

        return entry.SocketAddress;
    }

    /// <summary>An empty socket address to receive into.</summary>
    public static SocketAddress CreateBuffer(bool isIPv6) => new(isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);

    /// <summary>Reads the sender's address that a receive call has filled in; <see langword="default"/> if it is of another family.</summary>
    public static TransportAddress Read(SocketAddress socketAddress)
    {
        // sockaddr_in and sockaddr_in6 have the same layout everywhere: the BSDs take their length byte from the family.
        var bytes = socketAddress.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return socketAddress.Family switch
        {
            AddressFamily.InterNetwork => TransportAddress.FromBytes(bytes.Slice(IPv4AddressOffset, 4), port),
            AddressFamily.InterNetworkV6 => TransportAddress.FromBytes(bytes.Slice(IPv6AddressOffset, 16), port, BitConverter.ToUInt32(bytes[IPv6ScopeOffset..])),
            _ => default,
        };
    }

    private sealed record Entry(TransportAddress Address, SocketAddress SocketAddress);
}
