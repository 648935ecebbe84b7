using System.Buffers.Binary;

namespace WebRtcCore.Media.Ivf;

/// <summary>What an IVF file says of its video at the start.</summary>
/// <param name="Codec">The FourCC: <c>VP80</c>, <c>VP90</c> or <c>AV01</c>.</param>
/// <param name="Width">Width of the pictures in pixels.</param>
/// <param name="Height">Height of the pictures in pixels.</param>
/// <param name="TimebaseNumerator">Seconds of one tick of the timestamps, above the fraction line.</param>
/// <param name="TimebaseDenominator">Seconds of one tick of the timestamps, below the fraction line.</param>
public sealed record IvfHeader(string Codec, int Width, int Height, int TimebaseNumerator = 1, int TimebaseDenominator = 90_000)
{
    /*
     * 0  "DKIF"             16 timebase denominator
     * 4  version 0          20 timebase numerator
     * 6  header length 32   24 number of frames
     * 8  FourCC             28 unused
     * 12 width, 14 height                               all little-endian
     */
    internal const int Length = 32;
    internal const int FrameHeaderLength = 12;
    internal const int FrameCountOffset = 24;
    private const int CodecLength = 4;

    /// <summary>The time of a timestamp.</summary>
    public TimeSpan ToTime(long timestamp) => TimeSpan.FromSeconds((double)timestamp * TimebaseNumerator / TimebaseDenominator);

    internal byte[] Write()
    {
        var bytes = new byte[Length];
        var span = bytes.AsSpan();
        "DKIF"u8.CopyTo(span);
        BinaryPrimitives.WriteUInt16LittleEndian(span[6..], Length);
        for (var i = 0; i < CodecLength; i++)
        {
            span[8 + i] = (byte)Codec[i];
        }

        BinaryPrimitives.WriteUInt16LittleEndian(span[12..], (ushort)Width);
        BinaryPrimitives.WriteUInt16LittleEndian(span[14..], (ushort)Height);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], TimebaseDenominator);
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], TimebaseNumerator);
        return bytes;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out IvfHeader header, out int length)
    {
        header = new IvfHeader("", 0, 0);
        length = 0;
        if (bytes.Length < Length || !bytes[..4].SequenceEqual("DKIF"u8) || bytes[8..12].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        header = new IvfHeader(
            System.Text.Encoding.ASCII.GetString(bytes[8..12]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        return length >= Length && header.IsValid;
    }

    internal bool IsValid => Codec.Length == CodecLength && !Codec.AsSpan().ContainsAnyExceptInRange(' ', '~') && Width is >= 0 and <= ushort.MaxValue &&
        Height is >= 0 and <= ushort.MaxValue && TimebaseNumerator > 0 && TimebaseDenominator > 0;
}
