using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Receive;

/// <summary>A fragment as it has come, borrowed; whether in DATA or in I-DATA makes no difference from here on.</summary>
internal readonly ref struct IncomingFragment
{
    private IncomingFragment(Tsn tsn, Fragment description, ReadOnlySpan<byte> payload)
    {
        Tsn = tsn;
        Description = description;
        Payload = payload;
    }

    /// <summary>The transmission sequence number.</summary>
    public Tsn Tsn { get; }

    /// <summary>What the chunk says about it.</summary>
    public Fragment Description { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The fragment of a DATA chunk.</summary>
    public static IncomingFragment Of(in DataChunk chunk) => new(
        chunk.Tsn,
        new Fragment(chunk.Flags, chunk.StreamId, chunk.StreamSequenceNumber, 0, chunk.PayloadProtocolId),
        chunk.Payload);

    /// <summary>The fragment of an I-DATA chunk.</summary>
    public static IncomingFragment Of(in InterleavedDataChunk chunk) => new(
        chunk.Tsn,
        new Fragment(chunk.Flags, chunk.StreamId, chunk.MessageId, chunk.FragmentNumber, chunk.PayloadProtocolId),
        chunk.Payload);
}
