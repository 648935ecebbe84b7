using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Fec;

/// <summary>
/// What comes before the parity of a repair packet, in both forms: ULPFEC (RFC 5109, 7.3 and 7.4, level 0) and FlexFEC as in
/// draft-ietf-payload-flexible-fec-scheme-03 with its flexible mask, which is what browsers speak.
/// </summary>
/// <remarks>
/// <code>
/// ULPFEC                                       FlexFEC-03
/// |E|L|P|X|CC|M|PT recovery|   SN base    |    |R|F|P|X|CC|M|PT recovery|length recovery|
/// |             TS recovery               |    |             TS recovery               |
/// |length recovery|protection len.|   mask|    |1 (SSRC count) |          0            |
/// |mask, 32 more bits if L                |    |                 SSRC                  |
///                                              |    SN base      |k| mask 0-14         |
///                                              |k| mask 15-45, if k was 0              |
///                                              |k| mask 46-108, if k was 0 again  ...  |
/// </code>
/// </remarks>
internal readonly record struct FecHeader
{
    /// <summary>Bytes of an RTP header that are recovered field by field; the rest of a packet is recovered as it is.</summary>
    public const int RtpHeaderLength = RtpPacketView.FixedHeaderLength;

    /// <summary>The most bytes of a header.</summary>
    public const int MaxLength = FlexFixedLength + 4 + 8;

    /// <summary>The packets that ULPFEC's long mask reaches over.</summary>
    public const int MaxUlpfecMask = 48;

    /// <summary>The bits of the first byte of an RTP header that are protected: P, X, CC.</summary>
    public const byte ProtectedBits = 0x3F;

    private const int FlexFixedLength = 20;
    private const byte LongMaskBit = 0x40;
    private const byte RetransmissionBit = 0x80;
    private const byte InflexibleBit = 0x40;

    /// <summary>Bytes before the parity.</summary>
    public int Length { get; init; }

    /// <summary>Parity of the first two bytes of the RTP headers.</summary>
    public ushort FirstBytes { get; init; }

    /// <summary>Parity of the timestamps.</summary>
    public uint Timestamp { get; init; }

    /// <summary>Parity of the lengths beyond the fixed header.</summary>
    public ushort PacketLength { get; init; }

    /// <summary>The sequence number from which the mask counts.</summary>
    public ushort SequenceNumberBase { get; init; }

    /// <summary>The packets protected.</summary>
    public FecMask Mask { get; init; }

    /// <summary>Bytes of parity.</summary>
    public int ProtectionLength { get; init; }

    /// <summary>FlexFEC's protected stream.</summary>
    public Ssrc ProtectedSsrc { get; init; }

    /// <summary>Reads the payload of a ULPFEC packet. Levels beyond the first are ignored: nobody sends them.</summary>
    public static bool TryParseUlpfec(ReadOnlySpan<byte> payload, out FecHeader header)
    {
        header = default;
        var reader = new SpanReader(payload);
        if (!reader.TryReadUInt16(out var first) || !reader.TryReadUInt16(out var sequenceNumber) || !reader.TryReadUInt32(out var timestamp)
            || !reader.TryReadUInt16(out var length) || !reader.TryReadUInt16(out var protection) || !reader.TryReadUInt16(out var shortMask))
        {
            return false;
        }

        var mask = FecMask.FromWire(shortMask, 16, 0, default);
        if ((first & (LongMaskBit << 8)) != 0)
        {
            if (!reader.TryReadUInt32(out var rest))
            {
                return false;
            }

            mask = FecMask.FromWire(rest, 32, 16, mask);
        }

        if (protection > reader.Remaining || mask.Count == 0)
        {
            return false;
        }

        header = new FecHeader
        {
            Length = reader.Position,
            FirstBytes = first,
            Timestamp = timestamp,
            PacketLength = length,
            SequenceNumberBase = sequenceNumber,
            Mask = mask,
            ProtectionLength = protection,
        };
        return true;
    }

    /// <summary>Reads the payload of a FlexFEC-03 packet that protects one stream by a flexible mask; others are not used by browsers.</summary>
    public static bool TryParseFlexFec(ReadOnlySpan<byte> payload, out FecHeader header)
    {
        header = default;
        var reader = new SpanReader(payload);
        if (!reader.TryReadUInt16(out var first) || !reader.TryReadUInt16(out var length) || !reader.TryReadUInt32(out var timestamp)
            || !reader.TryReadByte(out var streams) || !reader.TryReadUInt24(out _) || !reader.TryReadUInt32(out var ssrc)
            || !reader.TryReadUInt16(out var sequenceNumber) || !TryReadMask(ref reader, out var mask))
        {
            return false;
        }

        if (streams != 1 || mask.Count == 0 || ((first >> 8) & (RetransmissionBit | InflexibleBit)) != 0)
        {
            return false;
        }

        header = new FecHeader
        {
            Length = reader.Position,
            FirstBytes = first,
            Timestamp = timestamp,
            PacketLength = length,
            SequenceNumberBase = sequenceNumber,
            Mask = mask,
            ProtectionLength = reader.Remaining,
            ProtectedSsrc = new Ssrc(ssrc),
        };
        return true;
    }

    /// <summary>Bytes of a ULPFEC header for a mask.</summary>
    public static int GetUlpfecLength(FecMask mask) => mask.Length <= 16 ? 14 : 18;

    /// <summary>Bytes of a FlexFEC header for a mask.</summary>
    public static int GetFlexFecLength(FecMask mask) => FlexFixedLength + (mask.Length <= 15 ? 0 : mask.Length <= 46 ? 4 : 12);

    /// <summary>Writes a ULPFEC header.</summary>
    public void WriteUlpfec(ref SpanWriter writer)
    {
        var isLong = Mask.Length > 16;
        var first = (FirstBytes & ((ProtectedBits << 8) | 0xFF)) | (isLong ? LongMaskBit << 8 : 0);
        writer.WriteUInt16((ushort)first);
        writer.WriteUInt16(SequenceNumberBase);
        writer.WriteUInt32(Timestamp);
        writer.WriteUInt16(PacketLength);
        writer.WriteUInt16((ushort)ProtectionLength);
        writer.WriteUInt16((ushort)Mask.ToWire(0, 16));
        if (isLong)
        {
            writer.WriteUInt32((uint)Mask.ToWire(16, 32));
        }
    }

    /// <summary>Writes a FlexFEC header.</summary>
    public void WriteFlexFec(ref SpanWriter writer)
    {
        writer.WriteUInt16((ushort)(FirstBytes & ((ProtectedBits << 8) | 0xFF)));
        writer.WriteUInt16(PacketLength);
        writer.WriteUInt32(Timestamp);
        writer.WriteByte(1);
        writer.WriteUInt24(0);
        writer.WriteUInt32(ProtectedSsrc.Value);
        writer.WriteUInt16(SequenceNumberBase);
        var length = Mask.Length;
        writer.WriteUInt16((ushort)((length <= 15 ? 0x8000u : 0) | Mask.ToWire(0, 15)));
        if (length > 15)
        {
            writer.WriteUInt32((length <= 46 ? 0x8000_0000u : 0) | (uint)Mask.ToWire(15, 31));
        }

        if (length > 46)
        {
            writer.WriteUInt64(0x8000_0000_0000_0000UL | Mask.ToWire(46, 63));
        }
    }

    // The bit in front of each part says that it is the last one.
    private static bool TryReadMask(ref SpanReader reader, out FecMask mask)
    {
        mask = default;
        if (!reader.TryReadUInt16(out var first))
        {
            return false;
        }

        mask = FecMask.FromWire(first, 15, 0, mask);
        if ((first & 0x8000) != 0)
        {
            return true;
        }

        if (!reader.TryReadUInt32(out var second))
        {
            return false;
        }

        mask = FecMask.FromWire(second, 31, 15, mask);
        if ((second & 0x8000_0000) != 0)
        {
            return true;
        }

        if (!reader.TryReadUInt64(out var third))
        {
            return false;
        }

        mask = FecMask.FromWire(third, 63, 46, mask);
        return (third >> 63) != 0;
    }
}
