using System.Buffers.Binary;
using System.Text;

namespace WebRtcCore.Stun;

/// <summary>
/// The attributes of TURN whose values are neither plain numbers nor addresses (RFC 8656, 18), written and read alike by client and server.
/// LIFETIME is a 32-bit number, XOR-PEER-ADDRESS and XOR-RELAYED-ADDRESS are XORed addresses, DATA is bytes, DONT-FRAGMENT a flag,
/// RESERVATION-TOKEN a 64-bit number.
/// </summary>
public static class TurnAttributes
{
    /// <summary>UDP between server and peers: the only transport of RFC 8656.</summary>
    public const byte UdpTransport = 17;

    private const byte ReserveNextPort = 0x80;

    /// <summary>Adds REQUESTED-TRANSPORT: protocol (8), reserved (24).</summary>
    public static void AddRequestedTransport(this ref StunMessageWriter writer, byte protocol = UdpTransport) =>
        writer.AddUInt32(StunAttributeType.RequestedTransport, (uint)protocol << 24);

    /// <summary>Finds REQUESTED-TRANSPORT.</summary>
    public static bool TryGetRequestedTransport(this scoped in StunMessageView message, out byte protocol)
    {
        var isFound = message.TryGetUInt32(StunAttributeType.RequestedTransport, out var value);
        protocol = (byte)(value >> 24);
        return isFound;
    }

    /// <summary>Adds CHANNEL-NUMBER: number (16), reserved (16).</summary>
    public static void AddChannel(this ref StunMessageWriter writer, TurnChannel channel) =>
        writer.AddUInt32(StunAttributeType.ChannelNumber, (uint)channel.Value << 16);

    /// <summary>Finds CHANNEL-NUMBER; whether the number is a valid one is for the caller to see.</summary>
    public static bool TryGetChannel(this scoped in StunMessageView message, out TurnChannel channel)
    {
        var isFound = message.TryGetUInt32(StunAttributeType.ChannelNumber, out var value);
        channel = new TurnChannel((ushort)(value >> 16));
        return isFound;
    }

    /// <summary>Adds REQUESTED-ADDRESS-FAMILY or ADDITIONAL-ADDRESS-FAMILY: family (8), reserved (24).</summary>
    public static void AddAddressFamily(this ref StunMessageWriter writer, StunAttributeType type, TurnAddressFamily family) =>
        writer.AddUInt32(type, (uint)family << 24);

    /// <summary>Finds REQUESTED-ADDRESS-FAMILY or ADDITIONAL-ADDRESS-FAMILY; the value may be one that is not known.</summary>
    public static bool TryGetAddressFamily(this scoped in StunMessageView message, StunAttributeType type, out TurnAddressFamily family)
    {
        var isFound = message.TryGetUInt32(type, out var value);
        family = (TurnAddressFamily)(value >> 24);
        return isFound;
    }

    /// <summary>Adds EVEN-PORT: whether the next port is to be reserved (1), reserved (7).</summary>
    public static void AddEvenPort(this ref StunMessageWriter writer, bool reservesNext) =>
        writer.Add(StunAttributeType.EvenPort, [reservesNext ? ReserveNextPort : (byte)0]);

    /// <summary>Finds EVEN-PORT.</summary>
    public static bool TryGetEvenPort(this scoped in StunMessageView message, out bool reservesNext)
    {
        var isFound = message.TryGetAttribute(StunAttributeType.EvenPort, out var value) && value.Length == 1;
        reservesNext = isFound && (value[0] & ReserveNextPort) != 0;
        return isFound;
    }

    /// <summary>Adds ADDRESS-ERROR-CODE: family (8), reserved (13), class (3), number (8), reason.</summary>
    public static void AddAddressErrorCode(this ref StunMessageWriter writer, TurnAddressFamily family, StunErrorCode code, ReadOnlySpan<char> reason)
    {
        Span<byte> value = stackalloc byte[4 + 256];
        BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)((int)family << 8));
        value[2] = (byte)((int)code / 100);
        value[3] = (byte)((int)code % 100);
        var length = Encoding.UTF8.TryGetBytes(reason, value[4..], out var written) ? 4 + written : 4;
        writer.Add(StunAttributeType.AddressErrorCode, value[..length]);
    }

    /// <summary>Finds ADDRESS-ERROR-CODE.</summary>
    public static bool TryGetAddressErrorCode(this scoped in StunMessageView message, out TurnAddressFamily family, out StunErrorCode code)
    {
        family = default;
        code = default;
        if (!message.TryGetAttribute(StunAttributeType.AddressErrorCode, out var value) || value.Length < 4 || (value[2] & 7) is < 3 or > 6 || value[3] > 99)
        {
            return false;
        }

        family = (TurnAddressFamily)value[0];
        code = (StunErrorCode)(((value[2] & 7) * 100) + value[3]);
        return true;
    }

    /// <summary>Adds ICMP: reserved (16), type (7) and code (9) of the message, four bytes of error data.</summary>
    public static void AddIcmp(this ref StunMessageWriter writer, int type, int code, uint data) =>
        writer.AddUInt64(StunAttributeType.Icmp, ((ulong)(uint)((type << 9) | (code & 0x1FF)) << 32) | data);

    /// <summary>Finds ICMP.</summary>
    public static bool TryGetIcmp(this scoped in StunMessageView message, out int type, out int code, out uint data)
    {
        var isFound = message.TryGetUInt64(StunAttributeType.Icmp, out var value);
        type = (int)(value >> 41) & 0x7F;
        code = (int)(value >> 32) & 0x1FF;
        data = (uint)value;
        return isFound;
    }
}
