using System.Buffers.Binary;

namespace WebRtcCore.Media.Wav;

/// <summary>The chunks before the samples: "RIFF", "fmt " and the head of "data", all little-endian.</summary>
internal static class WavHeader
{
    public const int RiffHeaderLength = 12;
    public const int ChunkHeaderLength = 8;

    /// <summary>The shortest "fmt " chunk.</summary>
    public const int FormatLength = 16;

    /// <summary>The longest "fmt " chunk read: the extensible form has 40 bytes.</summary>
    public const int MaxFormatLength = 256;

    private const int ExtensibleTag = 0xFFFE;
    private const int ExtensibleLength = 40;
    private const int SubFormatOffset = 24;

    public static byte[] Write(WavFormat format, uint dataLength)
    {
        // Formats other than integers have an (empty) extension.
        var formatLength = format.Encoding == WavEncoding.Pcm16 ? FormatLength : FormatLength + sizeof(ushort);
        var header = new byte[RiffHeaderLength + ChunkHeaderLength + formatLength + ChunkHeaderLength];
        var span = header.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], uint.MaxValue);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], formatLength);
        WriteFormat(format, span[20..]);
        var data = span[(20 + formatLength)..];
        "data"u8.CopyTo(data);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], dataLength);
        return header;
    }

    /// <summary>Writes the 16 bytes that describe the samples, as Matroska's ACM codecs want them too.</summary>
    public static void WriteFormat(WavFormat format, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)format.Encoding);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)format.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], format.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], format.ByteRate);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[12..], (ushort)format.BlockAlign);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[14..], (ushort)format.BitsPerSample);
    }

    /// <summary>Reads a "fmt " chunk.</summary>
    public static bool TryReadFormat(ReadOnlySpan<byte> chunk, out WavFormat format)
    {
        format = new WavFormat(0, 0);
        if (chunk.Length < FormatLength)
        {
            return false;
        }

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (tag == ExtensibleTag && chunk.Length >= ExtensibleLength)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[SubFormatOffset..]);
        }

        var read = new WavFormat(BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]), BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]), (WavEncoding)tag);
        if (!read.IsValid || BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) != read.BitsPerSample)
        {
            return false;
        }

        format = read;
        return true;
    }
}
