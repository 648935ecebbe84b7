using System.Buffers.Binary;

namespace WebRtcCore.Sctp.Packets;

/// <summary>Bundles chunks into one packet, straight into the buffer that it leaves in.</summary>
internal ref struct PacketWriter
{
    private readonly Span<byte> _packet;
    private int _position;

    /// <summary>Starts a packet of at most <paramref name="packet"/>'s length, which is a multiple of four.</summary>
    public PacketWriter(Span<byte> packet, CommonHeader header)
    {
        _packet = packet;
        header.Write(packet);
        _position = CommonHeader.Length;
    }

    /// <summary>Its size if it is filled.</summary>
    public readonly int Capacity => _packet.Length;

    /// <summary>Its length so far.</summary>
    public readonly int Length => _position;

    /// <summary>Room for further chunks, headers included.</summary>
    public readonly int Remaining => _packet.Length - _position;

    /// <summary>Whether there is no chunk yet.</summary>
    public readonly bool IsEmpty => _position == CommonHeader.Length;

    /// <summary>Adds a chunk and returns the place of its value, to be filled completely; padding is zeroed. The caller has checked <see cref="Remaining"/>.</summary>
    public Span<byte> AddChunk(ChunkType type, byte flags, int valueLength)
    {
        var length = ChunkView.HeaderLength + valueLength;
        var chunk = _packet.Slice(_position, Padding.RoundUp(length));
        chunk[0] = (byte)type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)length);
        chunk[length..].Clear();
        _position += chunk.Length;
        return chunk[ChunkView.HeaderLength..length];
    }

    /// <summary>Adds a whole chunk that was encoded earlier, without its padding.</summary>
    public void AddEncoded(ReadOnlySpan<byte> chunk) =>
        chunk[ChunkView.HeaderLength..].CopyTo(AddChunk((ChunkType)chunk[0], chunk[1], chunk.Length - ChunkView.HeaderLength));

    /// <summary>Seals the packet with its checksum, or leaves that zero (RFC 9653), and returns its length.</summary>
    public readonly int Complete(bool isChecksumLeftOut = false)
    {
        if (!isChecksumLeftOut)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_packet[CommonHeader.ChecksumOffset..], Crc32c.Compute(_packet[.._position]));
        }

        return _position;
    }
}
