using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

/// <summary>Writes fragments as DATA or as I-DATA, and what skips them as FORWARD TSN or I-FORWARD-TSN: never the one with the other (RFC 8260, 2.2.1).</summary>
internal sealed class FragmentWriter
{
    // What one packet skips; the rest follows when it has been acknowledged.
    private const int MaxSkippedStreams = 64;
    private readonly bool _isInterleaving;

    /// <summary>Creates the writer for what was negotiated.</summary>
    public FragmentWriter(bool isInterleaving) => _isInterleaving = isInterleaving;

    /// <summary>The size of everything before a fragment's bytes.</summary>
    public int HeaderLength => _isInterleaving ? InterleavedDataChunk.HeaderLength : DataChunk.HeaderLength;

    /// <summary>Adds a fragment, which fits.</summary>
    public void Write(ref PacketWriter packet, byte flags, Tsn tsn, in OutstandingChunk chunk)
    {
        var message = chunk.Message!;
        var bytes = message.GetBytes(chunk.Offset, chunk.Length);
        if (_isInterleaving)
        {
            var identifierOrNumber = (flags & DataChunk.BeginFlag) != 0 ? message.PayloadProtocolId : chunk.Number;
            InterleavedDataChunk.Write(ref packet, flags, tsn, message.Stream.Id, message.MessageId, identifierOrNumber, bytes);
        }
        else
        {
            DataChunk.Write(ref packet, flags, tsn, message.Stream.Id, message.StreamSequenceNumber, message.PayloadProtocolId, bytes);
        }
    }

    /// <summary>Adds what tells the peer to move on; <see langword="false"/> if there is no room. It says so of everything up to <paramref name="covered"/>.</summary>
    public bool TryWriteForwardTsn(ref PacketWriter packet, RetransmissionQueue outstanding, out Tsn covered)
    {
        var entryLength = _isInterleaving ? InterleavedForwardTsnChunk.EntryLength : ForwardTsnChunk.EntryLength;
        var room = (packet.Remaining - ChunkView.HeaderLength - ForwardTsnChunk.FixedLength) / entryLength;
        covered = default;
        if (room <= 0)
        {
            return false;
        }

        Span<SkippedMessages> streams = stackalloc SkippedMessages[Math.Min(room, MaxSkippedStreams)];
        var count = outstanding.PeerPoint.GetStreams(outstanding.Cumulative, streams, withUnordered: _isInterleaving, out covered);
        if (_isInterleaving)
        {
            InterleavedForwardTsnChunk.Write(ref packet, covered, streams[..count]);
        }
        else
        {
            ForwardTsnChunk.Write(ref packet, covered, streams[..count]);
        }

        return true;
    }
}
