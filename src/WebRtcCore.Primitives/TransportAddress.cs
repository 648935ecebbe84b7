using System.Buffers.Binary;
using System.Net;

namespace WebRtcCore.Primitives;

/// <summary>
/// An IPv4 or IPv6 address with a port, as a value: no allocation to copy, compare or hash.
/// IPv4-mapped IPv6 addresses are turned into IPv4 on the way in, so that one peer has one address.
/// </summary>
public readonly struct TransportAddress : IEquatable<TransportAddress>
{
    // IPv4 lives in the low 32 bits.
    private readonly UInt128 _address;
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly byte _length;

    private TransportAddress(UInt128 address, byte length, ushort port, uint scopeId)
    {
        _address = address;
        _length = length;
        _port = port;
        _scopeId = scopeId;
    }

    /// <summary>Whether this is the default value, which is no address at all.</summary>
    public bool IsNone => _length == 0;

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 => _length == 4;

    /// <summary>Whether this is an IPv6 address.</summary>
    public bool IsIPv6 => _length == 16;

    /// <summary>The port, 0 to 65535.</summary>
    public int Port => _port;

    /// <summary>The IPv6 scope (interface index) of a link-local address, otherwise 0.</summary>
    public long ScopeId => _scopeId;

    /// <summary>How many bytes <see cref="WriteAddressBytes"/> writes: 4 or 16.</summary>
    public int AddressLength => _length;

    /// <summary>Whether the address is a loopback address (127.0.0.0/8 or ::1).</summary>
    public bool IsLoopback => IsIPv4 ? (byte)(_address >> 24) == 127 : IsIPv6 && _address == UInt128.One;

    /// <summary>Whether the address is link-local (169.254.0.0/16 or fe80::/10).</summary>
    public bool IsLinkLocal => IsIPv4 ? (ushort)(_address >> 16) == 0xA9FE : IsIPv6 && (ushort)(_address >> 112) is >= 0xFE80 and <= 0xFEBF;

    /// <summary>Whether the address is the wildcard (0.0.0.0 or ::).</summary>
    public bool IsAny => !IsNone && _address == UInt128.Zero;

    /// <summary>Makes an address from its network-order bytes (4 or 16 of them).</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length.</exception>
    public static TransportAddress FromBytes(ReadOnlySpan<byte> bytes, int port, long scopeId = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        switch (bytes.Length)
        {
            case 4:
                return new TransportAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), 4, (ushort)port, 0);
            case 16:
                var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);

                // ::ffff:a.b.c.d is the IPv4 peer a.b.c.d as a dual-stack socket shows it.
                return value >> 32 == 0xFFFF
                    ? new TransportAddress((uint)value, 4, (ushort)port, 0)
                    : new TransportAddress(value, 16, (ushort)port, (uint)scopeId);
            default:
                throw new ArgumentException("An address has 4 or 16 bytes.", nameof(bytes));
        }
    }

    /// <summary>Makes an address from <paramref name="address"/> and <paramref name="port"/>.</summary>
    public static TransportAddress From(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return FromBytes(bytes[..length], port, length == 16 ? address.ScopeId : 0);
    }

    /// <summary>Makes an address from an end point.</summary>
    public static TransportAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return From(endPoint.Address, endPoint.Port);
    }

    /// <summary>Parses an IP literal; host names are not resolved.</summary>
    public static bool TryParse(ReadOnlySpan<char> address, int port, out TransportAddress result)
    {
        if (port is >= 0 and <= ushort.MaxValue && IPAddress.TryParse(address, out var parsed))
        {
            result = From(parsed, port);
            return true;
        }

        result = default;
        return false;
    }

    /// <summary>Parses an IP literal that is known to be one.</summary>
    /// <exception cref="FormatException"><paramref name="address"/> is not an IP literal.</exception>
    public static TransportAddress Parse(ReadOnlySpan<char> address, int port) => From(IPAddress.Parse(address), port);

    /// <summary>The same address with another port.</summary>
    public TransportAddress WithPort(int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return new TransportAddress(_address, _length, (ushort)port, _scopeId);
    }

    /// <summary>Writes the network-order bytes and returns how many: <see cref="AddressLength"/>.</summary>
    public int WriteAddressBytes(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_address);
        }
        else if (IsIPv6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination, _address);
        }

        return _length;
    }

    /// <summary>The IP address as a .NET object; allocates.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteAddressBytes(bytes);
        return length switch
        {
            4 => new IPAddress(bytes[..4]),
            16 => new IPAddress(bytes, _scopeId),
            _ => throw new InvalidOperationException("No address."),
        };
    }

    /// <summary>The address as a .NET end point; allocates.</summary>
    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), _port);

    /// <summary>Whether both have the same IP address, whatever the port.</summary>
    public bool HasSameAddress(TransportAddress other) => _address == other._address && _length == other._length && _scopeId == other._scopeId;

    /// <inheritdoc/>
    public bool Equals(TransportAddress other) => _port == other._port && HasSameAddress(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_address, _port, _scopeId, _length);

    /// <summary>Whether two addresses are the same.</summary>
    public static bool operator ==(TransportAddress left, TransportAddress right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    public static bool operator !=(TransportAddress left, TransportAddress right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : ToIPEndPoint().ToString();
}
