using System.Buffers.Binary;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp;

/// <summary>
/// A read-only view of one RTP packet (RFC 3550, 5.1). It borrows the datagram; <see cref="TryParse"/> checks the whole structure once,
/// so that its properties cannot fail.
/// </summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |           synchronization source (SSRC) identifier            |
/// |            contributing source (CSRC) identifiers ...         |
/// |  extension profile            |  extension length in words    |  if X
/// |                          extension ...                        |
/// |                           payload ...         | padding | n   |  padding if P
/// </code>
/// </remarks>
public readonly ref struct RtpPacketView
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int FixedHeaderLength = 12;

    /// <summary>Bytes before the elements of a header extension: profile and length.</summary>
    internal const int ExtensionHeaderLength = 4;

    private const int Version = 2;
    private const byte PaddingBit = 0x20;
    private const byte ExtensionBit = 0x10;
    private const byte CsrcCountMask = 0x0F;
    private const byte MarkerBit = 0x80;

    private readonly ReadOnlySpan<byte> _packet;

    private RtpPacketView(ReadOnlySpan<byte> packet, int headerLength, int paddingLength)
    {
        _packet = packet;
        HeaderLength = headerLength;
        PaddingLength = paddingLength;
    }

    /// <summary>The whole packet.</summary>
    public ReadOnlySpan<byte> Packet => _packet;

    /// <summary>The marker bit; its meaning is the payload format's (last packet of a video frame, first of a talk spurt).</summary>
    public bool Marker => (_packet[1] & MarkerBit) != 0;

    /// <summary>The payload type.</summary>
    public PayloadType PayloadType => new((byte)(_packet[1] & 0x7F));

    /// <summary>The sequence number, which wraps around at 65,536.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);

    /// <summary>The sampling time in ticks of the payload type's clock rate; wraps around.</summary>
    public uint TimestampTicks => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    /// <summary>The stream that the packet belongs to.</summary>
    public Ssrc Ssrc => new(BinaryPrimitives.ReadUInt32BigEndian(_packet[8..]));

    /// <summary>How many contributing sources are listed, 0 to 15.</summary>
    public int CsrcCount => _packet[0] & CsrcCountMask;

    /// <summary>Whether the packet has a header extension, of whatever profile.</summary>
    public bool HasExtension => (_packet[0] & ExtensionBit) != 0;

    /// <summary>The "defined by profile" field of the header extension; 0 without one.</summary>
    public ushort ExtensionProfile => HasExtension ? BinaryPrimitives.ReadUInt16BigEndian(_packet[ExtensionOffset..]) : (ushort)0;

    /// <summary>The header extension's bytes after profile and length; empty without one.</summary>
    public ReadOnlySpan<byte> ExtensionData =>
        HasExtension ? _packet[(ExtensionOffset + ExtensionHeaderLength)..HeaderLength] : default;

    /// <summary>The elements of a one-byte or two-byte header extension (RFC 8285); nothing for another profile.</summary>
    public RtpHeaderExtensionElements Extensions => new(ExtensionProfile, ExtensionData);

    /// <summary>Bytes before the payload: fixed header, contributing sources and header extension.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes of padding after the payload, with the count byte; 0 without padding.</summary>
    public int PaddingLength { get; }

    /// <summary>The payload without padding; empty in a packet that only pads.</summary>
    public ReadOnlySpan<byte> Payload => _packet[HeaderLength..^PaddingLength];

    private int ExtensionOffset => FixedHeaderLength + (CsrcCount * sizeof(uint));

    /// <summary>Views <paramref name="packet"/>, which is borrowed and must be one whole datagram.</summary>
    /// <returns><see langword="false"/> if it is no RTP version 2 packet, or its counts and lengths do not fit in it.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpPacketView view)
    {
        view = default;
        if (!TryGetHeaderLength(packet, out var headerLength))
        {
            return false;
        }

        var paddingLength = 0;
        if ((packet[0] & PaddingBit) != 0)
        {
            // RFC 3550 5.1: the last byte counts the padding, itself included; 0 or more than there is makes the packet invalid.
            paddingLength = packet[^1];
            if (paddingLength == 0 || paddingLength > packet.Length - headerLength)
            {
                return false;
            }
        }

        view = new RtpPacketView(packet, headerLength, paddingLength);
        return true;
    }

    /// <summary>
    /// Measures the header without looking at the payload or padding, which may still be encrypted.
    /// </summary>
    /// <returns><see langword="false"/> if the bytes do not start with a complete RTP version 2 header.</returns>
    public static bool TryGetHeaderLength(ReadOnlySpan<byte> packet, out int headerLength)
    {
        headerLength = 0;
        if (packet.Length < FixedHeaderLength || packet[0] >> 6 != Version)
        {
            return false;
        }

        var length = FixedHeaderLength + ((packet[0] & CsrcCountMask) * sizeof(uint));
        if ((packet[0] & ExtensionBit) != 0)
        {
            if (packet.Length - length < ExtensionHeaderLength)
            {
                return false;
            }

            length += ExtensionHeaderLength + (BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * sizeof(uint));
        }

        if (length > packet.Length)
        {
            return false;
        }

        headerLength = length;
        return true;
    }

    /// <summary>
    /// Whether a datagram from an RTP/RTCP-multiplexed transport is RTCP: payload types 64 to 95 seen as RTP
    /// (RFC 5761, 4), that is 192 to 223 in the second byte.
    /// </summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram.Length >= 2 && datagram[1] is >= 192 and <= 223;

    /// <summary>One of the contributing sources.</summary>
    /// <param name="index">0 to <see cref="CsrcCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such source.</exception>
    public Ssrc GetCsrc(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CsrcCount);
        return new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(_packet[(FixedHeaderLength + (index * sizeof(uint)))..]));
    }

    /// <summary>Finds the header extension element with the local identifier <paramref name="id"/>; the first if there are several.</summary>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value)
    {
        foreach (var element in Extensions)
        {
            if (element.Id == id)
            {
                value = element.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
