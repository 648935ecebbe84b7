using System.Buffers.Binary;

namespace WebRtcCore.Sctp.Packets;

/// <summary>An SCTP packet, borrowed (RFC 9260, 3): its structure has been checked, so that walking its chunks cannot fail.</summary>
internal readonly ref struct PacketView
{
    private readonly ReadOnlySpan<byte> _packet;

    private PacketView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>Ports and verification tag.</summary>
    public CommonHeader Header => CommonHeader.Read(_packet);

    /// <summary>The checksum as it came.</summary>
    public uint Checksum => BinaryPrimitives.ReadUInt32LittleEndian(_packet[CommonHeader.ChecksumOffset..]);

    /// <summary>Whether the checksum fits the packet.</summary>
    public bool HasValidChecksum => Checksum == Crc32c.ComputePacket(_packet);

    /// <summary>The chunks; at least one.</summary>
    public ChunkReader Chunks => new(_packet[CommonHeader.Length..]);

    /// <summary>The first chunk.</summary>
    public ChunkView FirstChunk
    {
        get
        {
            Chunks.TryRead(out var chunk);
            return chunk;
        }
    }

    /// <summary>Whether there is one chunk only.</summary>
    public bool HasSingleChunk
    {
        get
        {
            var chunks = Chunks;
            return chunks.TryRead(out _) && chunks.IsAtEnd;
        }
    }

    /// <summary>Checks the structure of <paramref name="packet"/>: a common header and at least one chunk, every length within bounds. Not the checksum.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out PacketView view)
    {
        view = default;
        if (packet.Length < CommonHeader.Length + ChunkView.HeaderLength)
        {
            return false;
        }

        var chunks = new ChunkReader(packet[CommonHeader.Length..]);
        while (chunks.TryRead(out _))
        {
        }

        if (!chunks.IsAtEnd)
        {
            return false;
        }

        view = new PacketView(packet);
        return true;
    }
}
