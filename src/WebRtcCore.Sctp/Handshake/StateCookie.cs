using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Handshake;

/// <summary>
/// What is needed to make an association, sent to the peer and back so that nothing is kept for a peer that does not answer (RFC 9260, 5.1.3).
/// </summary>
internal sealed record StateCookie
{
    /// <summary>The length of the encoded form.</summary>
    public const int Length = 44;

    private const byte ForwardTsnBit = 0x01;
    private const byte ReconfigurationBit = 0x02;
    private const byte InterleavingBit = 0x10;
    private const byte InterleavedForwardTsnBit = 0x20;
    private const byte ZeroChecksumBit = 0x40;

    public required uint LocalTag { get; init; }

    public required Tsn LocalInitialTsn { get; init; }

    public required uint PeerTag { get; init; }

    public required Tsn PeerInitialTsn { get; init; }

    public required uint PeerWindow { get; init; }

    public required ushort PeerOutgoingStreams { get; init; }

    public required ushort PeerIncomingStreams { get; init; }

    public bool SupportsForwardTsn { get; init; }

    public bool SupportsReconfiguration { get; init; }

    public bool SupportsInterleaving { get; init; }

    public bool SupportsInterleavedForwardTsn { get; init; }

    public bool AcceptsZeroChecksum { get; init; }

    /// <summary>The tags of the association that existed when the cookie was made; 0 if none did (RFC 9260, 5.2.2).</summary>
    public uint LocalTieTag { get; init; }

    /// <inheritdoc cref="LocalTieTag"/>
    public uint PeerTieTag { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>What the peer said in its INIT or INIT ACK.</summary>
    public static StateCookie Of(InitChunk peer, uint localTag, Tsn localInitialTsn, Instant now) => new()
    {
        LocalTag = localTag,
        LocalInitialTsn = localInitialTsn,
        PeerTag = peer.InitiateTag,
        PeerInitialTsn = peer.InitialTsn,
        PeerWindow = peer.ReceiverWindow,
        PeerOutgoingStreams = peer.OutgoingStreams,
        PeerIncomingStreams = peer.IncomingStreams,
        SupportsForwardTsn = peer.SupportsForwardTsn || peer.Supports(ChunkType.ForwardTsn),
        SupportsReconfiguration = peer.SupportsReconfiguration,
        SupportsInterleaving = peer.Supports(ChunkType.InterleavedData),
        SupportsInterleavedForwardTsn = peer.Supports(ChunkType.InterleavedForwardTsn),
        AcceptsZeroChecksum = peer.AcceptsZeroChecksum,
        CreatedAt = now,
    };

    /// <summary>Reads a cookie whose authenticity has been checked.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out StateCookie? cookie)
    {
        cookie = null;
        if (bytes.Length != Length)
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        reader.TryReadUInt32(out var localTag);
        reader.TryReadUInt32(out var localTsn);
        reader.TryReadUInt32(out var peerTag);
        reader.TryReadUInt32(out var peerTsn);
        reader.TryReadUInt32(out var window);
        reader.TryReadUInt16(out var outgoing);
        reader.TryReadUInt16(out var incoming);
        reader.TryReadUInt32(out var bits);
        reader.TryReadUInt32(out var localTie);
        reader.TryReadUInt32(out var peerTie);
        reader.TryReadUInt64(out var createdAt);
        cookie = new StateCookie
        {
            LocalTag = localTag,
            LocalInitialTsn = new Tsn(localTsn),
            PeerTag = peerTag,
            PeerInitialTsn = new Tsn(peerTsn),
            PeerWindow = window,
            PeerOutgoingStreams = outgoing,
            PeerIncomingStreams = incoming,
            SupportsForwardTsn = (bits & ForwardTsnBit) != 0,
            SupportsReconfiguration = (bits & ReconfigurationBit) != 0,
            SupportsInterleaving = (bits & InterleavingBit) != 0,
            SupportsInterleavedForwardTsn = (bits & InterleavedForwardTsnBit) != 0,
            AcceptsZeroChecksum = (bits & ZeroChecksumBit) != 0,
            LocalTieTag = localTie,
            PeerTieTag = peerTie,
            CreatedAt = new Instant((long)createdAt),
        };
        return true;
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt32(LocalTag);
        writer.WriteUInt32(LocalInitialTsn.Value);
        writer.WriteUInt32(PeerTag);
        writer.WriteUInt32(PeerInitialTsn.Value);
        writer.WriteUInt32(PeerWindow);
        writer.WriteUInt16(PeerOutgoingStreams);
        writer.WriteUInt16(PeerIncomingStreams);
        writer.WriteUInt32((uint)((SupportsForwardTsn ? ForwardTsnBit : 0)
            | (SupportsReconfiguration ? ReconfigurationBit : 0)
            | (SupportsInterleaving ? InterleavingBit : 0)
            | (SupportsInterleavedForwardTsn ? InterleavedForwardTsnBit : 0)
            | (AcceptsZeroChecksum ? ZeroChecksumBit : 0)));
        writer.WriteUInt32(LocalTieTag);
        writer.WriteUInt32(PeerTieTag);
        writer.WriteUInt64((ulong)CreatedAt.Ticks);
    }
}
