using System.Buffers.Binary;

namespace WebRtcCore.Media.Ogg;

/// <summary>The header of a page (RFC 3533, 6), little-endian.</summary>
/// <remarks>
/// <code>
///  0 "OggS"   4 version 0   5 flags   6 granule position (8)   14 serial number (4)
/// 18 page sequence number (4)   22 CRC (4)   26 number of segments   27 segment lengths ...
/// </code>
/// </remarks>
internal readonly record struct OggPage(byte Flags, long GranulePosition, uint SerialNumber, uint SequenceNumber)
{
    public const int HeaderLength = 27;
    public const int CrcOffset = 22;
    public const int MaxSegments = 255;
    public const int MaxSegmentLength = 255;
    public const int MaxLength = HeaderLength + MaxSegments + (MaxSegments * MaxSegmentLength);

    /// <summary>The page begins with the rest of a packet.</summary>
    public const byte Continued = 1;

    /// <summary>The first page of its stream.</summary>
    public const byte BeginOfStream = 2;

    /// <summary>The last page of its stream.</summary>
    public const byte EndOfStream = 4;

    /// <summary>The granule position of a page on which no packet ends.</summary>
    public const long NoPacketEnds = -1;

    public static ReadOnlySpan<byte> Capture => "OggS"u8;

    /// <summary>Writes header and segment table; the checksum is still 0.</summary>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> segments)
    {
        Capture.CopyTo(destination);
        destination[4] = 0;
        destination[5] = Flags;
        BinaryPrimitives.WriteInt64LittleEndian(destination[6..], GranulePosition);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[14..], SerialNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[18..], SequenceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CrcOffset..], 0);
        destination[26] = (byte)segments.Length;
        segments.CopyTo(destination[HeaderLength..]);
    }

    public static bool TryRead(ReadOnlySpan<byte> header, out OggPage page, out int segments)
    {
        page = default;
        segments = 0;
        if (header.Length < HeaderLength || !header[..4].SequenceEqual(Capture) || header[4] != 0)
        {
            return false;
        }

        page = new OggPage(
            header[5],
            BinaryPrimitives.ReadInt64LittleEndian(header[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[14..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[18..]));
        segments = header[26];
        return true;
    }
}
