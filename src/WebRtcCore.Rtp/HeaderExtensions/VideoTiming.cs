using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// How long a frame took at each step of its way, in milliseconds from its capture (the video-timing extension of the WebRTC project); in the last packet of some
/// frames.
/// <code>
/// |     flags     |  encode start, encode finish, packetization finish, pacer exit, network 1, network 2 (16 bits each)
/// </code>
/// </summary>
public readonly record struct VideoTiming
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 13;

    /// <summary>The step of the flags in which the frame was chosen because time had passed.</summary>
    public const byte TriggeredByTimer = 0x01;

    /// <summary>The flag of a frame that was chosen because it is large.</summary>
    public const byte TriggeredBySize = 0x02;

    /// <summary>The flags of a value that says nothing.</summary>
    public const byte Invalid = 0xFF;

    /// <summary>Why the frame was chosen; <see cref="Invalid"/> for no information.</summary>
    public byte Flags { get; init; }

    /// <summary>When encoding started, in milliseconds.</summary>
    public ushort EncodeStart { get; init; }

    /// <summary>When encoding was finished, in milliseconds.</summary>
    public ushort EncodeFinish { get; init; }

    /// <summary>When the frame was cut, in milliseconds.</summary>
    public ushort PacketizationFinish { get; init; }

    /// <summary>When the last packet left the pacer, in milliseconds.</summary>
    public ushort PacerExit { get; init; }

    /// <summary>For a forwarder, in milliseconds.</summary>
    public ushort Network1 { get; init; }

    /// <summary>For a forwarder, in milliseconds.</summary>
    public ushort Network2 { get; init; }

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out VideoTiming timing)
    {
        timing = default;
        var reader = new SpanReader(value);

        // The oldest form has no flags.
        byte flags = 0;
        if (value.Length is not (EncodedLength or (EncodedLength - 1)) || (value.Length == EncodedLength && !reader.TryReadByte(out flags))
            || !reader.TryReadUInt16(out var encodeStart) || !reader.TryReadUInt16(out var encodeFinish) || !reader.TryReadUInt16(out var packetizationFinish)
            || !reader.TryReadUInt16(out var pacerExit) || !reader.TryReadUInt16(out var network1) || !reader.TryReadUInt16(out var network2))
        {
            return false;
        }

        timing = new VideoTiming
        {
            Flags = flags,
            EncodeStart = encodeStart,
            EncodeFinish = encodeFinish,
            PacketizationFinish = packetizationFinish,
            PacerExit = pacerExit,
            Network1 = network1,
            Network2 = network2,
        };
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteByte(Flags);
        writer.WriteUInt16(EncodeStart);
        writer.WriteUInt16(EncodeFinish);
        writer.WriteUInt16(PacketizationFinish);
        writer.WriteUInt16(PacerExit);
        writer.WriteUInt16(Network1);
        writer.WriteUInt16(Network2);
    }
}
