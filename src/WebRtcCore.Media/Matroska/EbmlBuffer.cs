using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace WebRtcCore.Media.Matroska;

/// <summary>EBML elements, one behind the other (RFC 8794): an id, a length, a value; everything big-endian.</summary>
internal sealed class EbmlBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Bytes written.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>What has been written, until the next change.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>Bytes of an element's head whose value has <paramref name="length"/> bytes.</summary>
    public static int GetHeadLength(uint id, long length) => GetIdLength(id) + GetSizeLength(length);

    public void Clear() => _bytes.ResetWrittenCount();

    public void WriteUnsigned(uint id, ulong value)
    {
        var length = 1;
        while (length < sizeof(ulong) && value >> (length * 8) != 0)
        {
            length++;
        }

        WriteHead(id, length);
        WriteBigEndian(value, length);
    }

    public void WriteFloat(uint id, double value)
    {
        WriteHead(id, sizeof(double));
        BinaryPrimitives.WriteDoubleBigEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    public void WriteText(uint id, string value) => WriteBinary(id, Encoding.UTF8.GetBytes(value));

    public void WriteBinary(uint id, ReadOnlySpan<byte> value)
    {
        WriteHead(id, value.Length);
        WriteRaw(value);
    }

    public void WriteMaster(uint id, EbmlBuffer children) => WriteBinary(id, children._bytes.WrittenSpan);

    /// <summary>Writes the id and length of an element; its value is to follow.</summary>
    public void WriteHead(uint id, long length)
    {
        WriteBigEndian(id, GetIdLength(id));
        var size = GetSizeLength(length);

        // The highest bit set says how many bytes the length has.
        WriteBigEndian((ulong)length | (1ul << (7 * size)), size);
    }

    /// <summary>Writes the id of an element and an 8-byte length: a known one, or "unknown".</summary>
    public void WriteLongHead(uint id, long? length)
    {
        WriteBigEndian(id, GetIdLength(id));
        WriteBigEndian((ulong)(length ?? ((1L << 56) - 1)) | (1ul << 56), sizeof(ulong));
    }

    /// <summary>Fills exactly <paramref name="length"/> bytes, at least 2, with an element that readers skip.</summary>
    public void WriteVoid(int length)
    {
        // One byte of id; a length of 8 bytes where there is room, so that every total can be reached.
        var sizeLength = length - 2 < 0x7F ? 1 : sizeof(ulong);
        WriteBigEndian(MatroskaId.Void, 1);
        var rest = length - 1 - sizeLength;
        WriteBigEndian((ulong)(uint)rest | (1ul << (7 * sizeLength)), sizeLength);
        _bytes.GetSpan(rest)[..rest].Clear();
        _bytes.Advance(rest);
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    private static int GetIdLength(uint id) => id switch
    {
        <= 0xFF => 1,
        <= 0xFFFF => 2,
        <= 0xFFFFFF => 3,
        _ => 4,
    };

    // A length whose bits are all ones is reserved for "unknown".
    private static int GetSizeLength(long length)
    {
        var size = 1;
        while (length >= (1L << (7 * size)) - 1)
        {
            size++;
        }

        return size;
    }

    private void WriteBigEndian(ulong value, int length)
    {
        var span = _bytes.GetSpan(length);
        for (var i = 0; i < length; i++)
        {
            span[i] = (byte)(value >> (8 * (length - 1 - i)));
        }

        _bytes.Advance(length);
    }
}
