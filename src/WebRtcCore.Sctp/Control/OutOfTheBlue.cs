using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Control;

/// <summary>Which packets belong to an association, and what is said to those that come after its end (RFC 9260, 8.4 and 8.5).</summary>
internal static class OutOfTheBlue
{
    /// <summary>What is wrong with a packet, if anything: it is dropped then (RFC 9260, 3, 6.8, 8.5).</summary>
    public static string? FindFault(
        ReadOnlySpan<byte> datagram, SctpOptions options, AssociationHandshake identity, SctpAssociationState state, out PacketView packet)
    {
        if (!PacketView.TryParse(datagram, out packet))
        {
            return "malformed";
        }

        if (packet.Header.SourcePort != options.RemotePort || packet.Header.DestinationPort != options.LocalPort)
        {
            return "ports";
        }

        if (!(options.ZeroChecksum && MayLackChecksum(packet)) && !packet.HasValidChecksum)
        {
            return "checksum";
        }

        return IsExpected(packet, identity, state) ? null : "verification tag";
    }

    /// <summary>RFC 9260 8.5 and 8.5.1: which verification tag a packet must carry depends on its first chunk.</summary>
    public static bool IsExpected(in PacketView packet, AssociationHandshake identity, SctpAssociationState state)
    {
        var tag = packet.Header.VerificationTag;
        var first = packet.FirstChunk;
        return first.Type switch
        {
            ChunkType.Init => tag == 0 && packet.HasSingleChunk,

            // The cookie itself tells its tag.
            ChunkType.CookieEcho => true,
            ChunkType.Abort or ChunkType.ShutdownComplete => (first.Flags & AbortChunk.ReflectedTagFlag) == 0
                ? tag == identity.LocalTag
                : identity.PeerTag != 0 && tag == identity.PeerTag,

            // RFC 9260 8.5.1 E: an older association's, as long as there is none.
            ChunkType.ShutdownAck => tag == identity.LocalTag || IsBeingMade(state),
            _ => tag == identity.LocalTag,
        };
    }

    /// <summary>Whether there is no association yet.</summary>
    public static bool IsBeingMade(SctpAssociationState state) =>
        state is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.CookieEchoed;

    /// <summary>RFC 9653 5.3: a packet whose checksum is zero is taken as intact, unless it begins an association.</summary>
    public static bool MayLackChecksum(in PacketView packet) => packet.Checksum == 0 && packet.FirstChunk.Type is not (ChunkType.Init or ChunkType.CookieEcho);

    /// <summary>
    /// RFC 9260 8.4 and 9.2: the answer to a packet of an association that has ended here: the peer does not know that it is over, or has missed SHUTDOWN
    /// COMPLETE. <see langword="null"/> where an answer could provoke another, or would disturb a new beginning.
    /// </summary>
    public static byte[]? AnswerAfterEnd(in PacketView packet) => packet.FirstChunk.Type switch
    {
        ChunkType.ShutdownAck => EncodedChunk.Create(ChunkType.ShutdownComplete, 0, 0),
        ChunkType.Abort or ChunkType.ShutdownComplete or ChunkType.CookieAck or ChunkType.Error or ChunkType.Init or ChunkType.CookieEcho => null,
        _ => AbortChunk.Encode(isTagReflected: false, null, []),
    };

    /// <summary>RFC 9260 3.2: whether a chunk of unknown type asks to be reported.</summary>
    public static bool MustReport(ChunkView chunk) => ((byte)chunk.Type & 0x40) != 0;

    /// <summary>RFC 9260 3.2: whether the rest of the packet may be looked at behind a chunk of unknown type.</summary>
    public static bool MaySkip(ChunkView chunk) => ((byte)chunk.Type & 0x80) != 0;
}
