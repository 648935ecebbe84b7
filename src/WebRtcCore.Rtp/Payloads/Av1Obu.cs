using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>An open bitstream unit of AV1 (AV1 bitstream, 5.3): where it lies in a stream or element.</summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |F| type  |X|S|R|   F forbidden, X extension follows, S size field follows
/// | TID |SID| rsvd|   if X
/// |  size (leb128)    if S
/// |  payload ...
/// </code>
/// </remarks>
internal readonly record struct Av1Obu
{
    /// <summary>Describes the sequence: comes with key frames.</summary>
    public const int SequenceHeader = 1;

    /// <summary>Starts a temporal unit in a stream; not sent in RTP.</summary>
    public const int TemporalDelimiter = 2;

    /// <summary>A frame's header alone.</summary>
    public const int FrameHeader = 3;

    /// <summary>A frame with its header.</summary>
    public const int Frame = 6;

    /// <summary>Tiles for large-scale decoding; not sent in RTP.</summary>
    public const int TileList = 8;

    /// <summary>The header's bits of the type.</summary>
    public const byte TypeBits = 0x78;

    /// <summary>The header's bit that a size field follows.</summary>
    public const byte SizeBit = 0x02;

    private const byte ForbiddenBit = 0x80;
    private const byte ExtensionBit = 0x04;

    /// <summary>The first byte.</summary>
    public byte Header { get; init; }

    /// <summary>The extension byte, or <see langword="null"/>.</summary>
    public byte? Extension { get; init; }

    /// <summary>Where the payload starts.</summary>
    public int PayloadStart { get; init; }

    /// <summary>The payload's length in bytes; may be 0.</summary>
    public int PayloadLength { get; init; }

    /// <summary>The type.</summary>
    public int Type => GetType(Header);

    /// <summary>Bytes of header and extension, without a size field.</summary>
    public int HeaderLength => Extension is null ? 1 : 2;

    /// <summary>Whether it is sent in RTP (RTP Payload Format for AV1, 5: delimiters should, tile lists must not).</summary>
    public bool IsTransported => Type is not (TemporalDelimiter or TileList);

    /// <summary>The type in a header byte.</summary>
    public static int GetType(byte header) => (header >> 3) & 0x0F;

    /// <summary>Reads the next unit; one without a size field reaches to the end.</summary>
    public static bool TryRead(ref SpanReader reader, out Av1Obu obu)
    {
        obu = default;
        byte extension = 0;
        if (!reader.TryReadByte(out var header) || (header & ForbiddenBit) != 0 || ((header & ExtensionBit) != 0 && !reader.TryReadByte(out extension)))
        {
            return false;
        }

        var length = reader.Remaining;
        if ((header & SizeBit) != 0 && !Leb128.TryRead(ref reader, out length))
        {
            return false;
        }

        var start = reader.Position;
        if (!reader.TrySkip(length))
        {
            return false;
        }

        obu = new Av1Obu
        {
            Header = header,
            Extension = (header & ExtensionBit) != 0 ? extension : null,
            PayloadStart = start,
            PayloadLength = length,
        };
        return true;
    }

    /// <summary>Whether the bytes are a sequence of units of which at least one is to be sent.</summary>
    public static bool IsStream(ReadOnlySpan<byte> stream)
    {
        var reader = new SpanReader(stream);
        var found = false;
        while (!reader.IsAtEnd)
        {
            if (!TryRead(ref reader, out var obu))
            {
                return false;
            }

            found |= obu.IsTransported;
        }

        return found;
    }
}
