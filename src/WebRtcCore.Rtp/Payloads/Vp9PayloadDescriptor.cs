using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Frames;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>The bytes before each piece of a VP9 picture (RFC 9628, 4.2).</summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |I|P|L|F|B|E|V|Z|
/// |M| picture ID  |  if I: 7 bits, or 15 in two bytes if M
/// | TID |U| SID |D|  if L
/// |   TL0PICIDX   |  if L and not F
/// |   P_DIFF    |N|  if P and F; up to three, while N
/// |  scalability structure ...  if V
/// </code>
/// </remarks>
internal readonly record struct Vp9PayloadDescriptor
{
    /// <summary>Bytes of the form that <see cref="Write"/> gives.</summary>
    public const int WrittenLength = 4;

    private const byte PictureIdBit = 0x80;
    private const byte InterPictureBit = 0x40;
    private const byte LayerBit = 0x20;
    private const byte FlexibleBit = 0x10;
    private const byte StartBit = 0x08;
    private const byte EndBit = 0x04;
    private const byte StructureBit = 0x02;
    private const int MaxReferences = 3;

    /// <summary>Bytes of the descriptor.</summary>
    public int Length { get; init; }

    /// <summary>The picture's number, of 7 or 15 bits.</summary>
    public int? PictureId { get; init; }

    /// <summary>Whether the frame is predicted from earlier pictures.</summary>
    public bool IsInterPicture { get; init; }

    /// <summary>Whether a layer frame starts with this piece.</summary>
    public bool IsStart { get; init; }

    /// <summary>Whether a layer frame ends with this piece.</summary>
    public bool IsEnd { get; init; }

    /// <summary>The temporal layer; 0 where there is one.</summary>
    public int TemporalId { get; init; }

    /// <summary>The spatial layer; 0 where there is one.</summary>
    public int SpatialId { get; init; }

    /// <summary>The running number of the temporal base layer.</summary>
    public byte? TemporalBaseIndex { get; init; }

    /// <summary>Whether a receiver may begin with this temporal layer here (U).</summary>
    public bool IsLayerSync { get; init; }

    /// <summary>Bits of <see cref="PictureId"/>.</summary>
    public int PictureIdBits { get; init; }

    /// <summary>Whether references are named (flexible mode).</summary>
    public bool IsFlexible { get; init; }

    /// <summary>The pictures that this one is predicted from, in flexible mode.</summary>
    public FrameReferences References { get; init; }

    /// <summary>Whether the picture starts with this piece.</summary>
    public bool IsPictureStart => IsStart && SpatialId == 0;

    /// <summary>Reads the descriptor in front of a payload.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9PayloadDescriptor descriptor)
    {
        descriptor = default;
        var reader = new SpanReader(payload);
        if (!reader.TryReadByte(out var flags))
        {
            return false;
        }

        int? pictureId = null;
        byte layers = 0;
        byte temporalBase = 0;
        var references = new FrameReferences();
        var hasTemporalBase = (flags & LayerBit) != 0 && (flags & FlexibleBit) == 0;
        if (((flags & PictureIdBit) != 0 && !Vp8PayloadDescriptor.TryReadPictureId(ref reader, out pictureId))
            || ((flags & LayerBit) != 0 && !reader.TryReadByte(out layers))
            || (hasTemporalBase && !reader.TryReadByte(out temporalBase))
            || ((flags & (InterPictureBit | FlexibleBit)) == (InterPictureBit | FlexibleBit) && !TryReadReferences(ref reader, ref references))
            || ((flags & StructureBit) != 0 && !TrySkipStructure(ref reader)))
        {
            return false;
        }

        descriptor = new Vp9PayloadDescriptor
        {
            Length = reader.Position,
            PictureId = pictureId,
            IsInterPicture = (flags & InterPictureBit) != 0,
            IsStart = (flags & StartBit) != 0,
            IsEnd = (flags & EndBit) != 0,
            TemporalId = layers >> 5,
            SpatialId = (layers >> 1) & 0x07,
            TemporalBaseIndex = hasTemporalBase ? temporalBase : null,
            IsLayerSync = (layers & 0x10) != 0,
            PictureIdBits = pictureId is not null && (payload[1] & 0x80) != 0 ? 15 : 7,
            IsFlexible = (flags & FlexibleBit) != 0,
            References = references,
        };
        return true;
    }

    /// <summary>
    /// Writes a descriptor in flexible mode: a picture number of 15 bits and, for a predicted frame, the picture before as its reference. A key frame's has no
    /// reference, and a byte less.
    /// </summary>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, bool isStart, bool isEnd, bool isInterPicture, int pictureId)
    {
        var writer = new SpanWriter(destination);
        writer.WriteByte((byte)(PictureIdBit | FlexibleBit | (isInterPicture ? InterPictureBit : 0) | (isStart ? StartBit : 0) | (isEnd ? EndBit : 0)));
        writer.WriteUInt16((ushort)(0x8000 | (pictureId & 0x7FFF)));
        if (isInterPicture)
        {
            writer.WriteByte(1 << 1);
        }

        return writer.Position;
    }

    private static bool TryReadReferences(ref SpanReader reader, ref FrameReferences references)
    {
        for (var i = 0; i < MaxReferences; i++)
        {
            if (!reader.TryReadByte(out var reference))
            {
                return false;
            }

            references.TryAdd(reference >> 1);
            if ((reference & 0x01) == 0)
            {
                return true;
            }
        }

        // RFC 9628 4.2: a fourth reference must not be announced.
        return false;
    }

    // RFC 9628 4.2.1: layer sizes if Y, then a description of the group of pictures if G.
    private static bool TrySkipStructure(ref SpanReader reader)
    {
        if (!reader.TryReadByte(out var structure))
        {
            return false;
        }

        var layerCount = (structure >> 5) + 1;
        byte pictureCount = 0;
        if (((structure & 0x10) != 0 && !reader.TrySkip(layerCount * 4)) || ((structure & 0x08) != 0 && !reader.TryReadByte(out pictureCount)))
        {
            return false;
        }

        for (var i = 0; i < pictureCount; i++)
        {
            if (!reader.TryReadByte(out var picture) || !reader.TrySkip((picture >> 2) & 0x03))
            {
                return false;
            }
        }

        return true;
    }
}
