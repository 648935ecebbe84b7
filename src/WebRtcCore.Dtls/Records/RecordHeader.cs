using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Records;

/// <summary>
/// The header of a record of DTLS 1.0 and 1.2 (RFC 6347 4.1).
/// <code>
///  0      1        3        5                 11       13
/// +------+--------+--------+-----------------+--------+----------
/// | type |version | epoch  | sequence number | length | fragment
/// +------+--------+--------+-----------------+--------+----------
/// </code>
/// </summary>
internal readonly record struct RecordHeader(ContentType Type, ushort Version, ushort Epoch, ulong SequenceNumber, int FragmentLength)
{
    public const int Length = 13;
    public const ulong MaxSequenceNumber = 0xFFFF_FFFF_FFFF;

    /// <summary>DTLS 1.0: what the first ClientHello's record carries for the sake of old peers.</summary>
    public const ushort Dtls10 = 0xFEFF;

    /// <summary>DTLS 1.2.</summary>
    public const ushort Dtls12 = 0xFEFD;

    // RFC 5246 6.2.3: 2^14 bytes of content and at most 2,048 of expansion.
    public const int MaxPlaintextLength = 16_384;
    public const int MaxFragmentLength = MaxPlaintextLength + 2_048;

    /// <summary>Epoch and sequence number as one number, the way nonces and associated data use them.</summary>
    public ulong FullSequenceNumber => ((ulong)Epoch << 48) | SequenceNumber;

    /// <summary>
    /// Reads the header of the record at the start of <paramref name="datagram"/>. It must be of a known type and version, and its fragment must lie within the datagram.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RecordHeader header)
    {
        header = default;
        var reader = new SpanReader(datagram);
        if (!reader.TryReadByte(out var type)
            || !reader.TryReadUInt16(out var version)
            || !reader.TryReadUInt16(out var epoch)
            || !reader.TryReadUInt48(out var sequenceNumber)
            || !reader.TryReadUInt16(out var length))
        {
            return false;
        }

        if (type is < (byte)ContentType.ChangeCipherSpec or > (byte)ContentType.ApplicationData
            || version is not (Dtls10 or Dtls12)
            || length > MaxFragmentLength
            || length > reader.Remaining)
        {
            return false;
        }

        header = new RecordHeader((ContentType)type, version, epoch, sequenceNumber, length);
        return true;
    }

    public void Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteByte((byte)Type);
        writer.WriteUInt16(Version);
        writer.WriteUInt16(Epoch);
        writer.WriteUInt48(SequenceNumber);
        writer.WriteUInt16((ushort)FragmentLength);
    }
}
