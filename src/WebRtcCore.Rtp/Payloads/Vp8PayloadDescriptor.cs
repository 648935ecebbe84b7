using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>The bytes before each piece of a VP8 frame (RFC 7741, 4.2).</summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |X|R|N|S|R| PID |
/// |I|L|T|K|  RSV  |  if X
/// |M| PictureID   |  if I: 7 bits, or 15 in two bytes if M
/// |   TL0PICIDX   |  if L
/// |TID|Y| KEYIDX  |  if T or K
/// </code>
/// </remarks>
internal readonly record struct Vp8PayloadDescriptor
{
    /// <summary>Bytes of the form that <see cref="Write"/> gives.</summary>
    public const int WrittenLength = 4;

    private const byte ExtendedBit = 0x80;
    private const byte StartBit = 0x10;
    private const byte PartitionMask = 0x07;
    private const byte PictureIdBit = 0x80;
    private const byte TemporalIndexBit = 0x40;
    private const byte LayerBits = 0x30;
    private const byte LongPictureIdBit = 0x80;

    /// <summary>Bytes of the descriptor.</summary>
    public int Length { get; init; }

    /// <summary>Whether a partition starts with this piece.</summary>
    public bool IsPartitionStart { get; init; }

    /// <summary>Which partition.</summary>
    public int PartitionIndex { get; init; }

    /// <summary>The picture's number, of 7 or 15 bits.</summary>
    public int? PictureId { get; init; }

    /// <summary>The running number of the temporal base layer.</summary>
    public byte? TemporalBaseIndex { get; init; }

    /// <summary>The temporal layer.</summary>
    public int? TemporalId { get; init; }

    /// <summary>Whether the frame needs no other than of the base layer (Y).</summary>
    public bool IsLayerSync { get; init; }

    /// <summary>Bits of <see cref="PictureId"/>.</summary>
    public int PictureIdBits { get; init; }

    /// <summary>Whether the frame starts with this piece.</summary>
    public bool IsFrameStart => IsPartitionStart && PartitionIndex == 0;

    /// <summary>Reads the descriptor in front of a payload.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8PayloadDescriptor descriptor)
    {
        descriptor = default;
        var reader = new SpanReader(payload);
        if (!reader.TryReadByte(out var first))
        {
            return false;
        }

        byte fields = 0;
        int? pictureId = null;
        byte temporalBase = 0;
        byte layers = 0;
        if (((first & ExtendedBit) != 0 && !reader.TryReadByte(out fields))
            || ((fields & PictureIdBit) != 0 && !TryReadPictureId(ref reader, out pictureId))
            || ((fields & TemporalIndexBit) != 0 && !reader.TryReadByte(out temporalBase))
            || ((fields & LayerBits) != 0 && !reader.TryReadByte(out layers)))
        {
            return false;
        }

        descriptor = new Vp8PayloadDescriptor
        {
            Length = reader.Position,
            IsPartitionStart = (first & StartBit) != 0,
            PartitionIndex = first & PartitionMask,
            PictureId = pictureId,
            TemporalBaseIndex = (fields & TemporalIndexBit) != 0 ? temporalBase : null,
            TemporalId = (fields & 0x20) != 0 ? layers >> 6 : null,
            IsLayerSync = (fields & 0x20) != 0 && (layers & 0x20) != 0,
            PictureIdBits = pictureId is not null && (payload[2] & LongPictureIdBit) != 0 ? 15 : 7,
        };
        return true;
    }

    /// <summary>Writes a descriptor with a picture number of 15 bits.</summary>
    public static void Write(Span<byte> destination, bool isFrameStart, int pictureId)
    {
        var writer = new SpanWriter(destination);
        writer.WriteByte((byte)(ExtendedBit | (isFrameStart ? StartBit : 0)));
        writer.WriteByte(PictureIdBit);
        writer.WriteUInt16((ushort)((LongPictureIdBit << 8) | (pictureId & 0x7FFF)));
    }

    /// <summary>Reads a picture number, which VP9 has in the same form.</summary>
    internal static bool TryReadPictureId(ref SpanReader reader, out int? pictureId)
    {
        pictureId = null;
        if (!reader.TryReadByte(out var high))
        {
            return false;
        }

        pictureId = high & 0x7F;
        if ((high & LongPictureIdBit) == 0)
        {
            return true;
        }

        if (!reader.TryReadByte(out var low))
        {
            return false;
        }

        pictureId = (pictureId << 8) | low;
        return true;
    }
}
