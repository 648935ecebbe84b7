using System.Buffers.Binary;

namespace WebRtcCore.Sctp.Packets;

/// <summary>Walks the chunks of a packet that <see cref="PacketView"/> has checked.</summary>
internal ref struct ChunkReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first chunk of <paramref name="chunks"/>.</summary>
    public ChunkReader(ReadOnlySpan<byte> chunks) => _rest = chunks;

    /// <summary>
    /// Reads the next chunk. <see langword="false"/> at the end, and where a length is smaller than a chunk header or larger than what is left.
    /// </summary>
    public bool TryRead(out ChunkView chunk)
    {
        chunk = default;
        if (_rest.Length < ChunkView.HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < ChunkView.HeaderLength || length > _rest.Length)
        {
            return false;
        }

        chunk = new ChunkView(_rest[..length]);

        // RFC 9260 3.2: padded to four bytes; a last chunk whose padding is missing is accepted.
        _rest = _rest[Math.Min(Padding.RoundUp(length), _rest.Length)..];
        return true;
    }

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;
}
