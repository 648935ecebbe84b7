using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// BYE: streams that end (RFC 3550, 6.6). Borrows the datagram.
/// <code>
/// |V=2|P|    SC   |   PT=BYE=203  |             length            |
/// |                           SSRC ...                            |
/// |     length    |               reason for leaving            ...
/// </code>
/// </summary>
public readonly ref struct Goodbye
{
    private readonly ReadOnlySpan<byte> _ssrcs;

    private Goodbye(ReadOnlySpan<byte> ssrcs, ReadOnlySpan<byte> reason)
    {
        _ssrcs = ssrcs;
        Reason = reason;
    }

    /// <summary>How many streams end, 0 to 31.</summary>
    public int Count => _ssrcs.Length / sizeof(uint);

    /// <summary>Why, as text in UTF-8; empty if it is not said. Borrowed.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>One of the streams.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public Ssrc this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(_ssrcs[(index * sizeof(uint))..]));

    /// <summary>Reads the packet; a reason that claims more bytes than there are makes it invalid.</summary>
    public static bool TryParse(RtcpPacketView packet, out Goodbye goodbye)
    {
        goodbye = default;
        var reader = new SpanReader(packet.Body);
        if (packet.Type != RtcpPacketType.Goodbye || !reader.TryReadBytes(packet.Count * sizeof(uint), out var ssrcs))
        {
            return false;
        }

        ReadOnlySpan<byte> reason = default;
        if (!reader.IsAtEnd && !reader.TryReadVector8(out reason))
        {
            return false;
        }

        goodbye = new Goodbye(ssrcs, reason);
        return true;
    }

    /// <summary>Bytes of a packet for <paramref name="count"/> streams with a reason of <paramref name="reasonLength"/> bytes.</summary>
    public static int GetEncodedLength(int count, int reasonLength) =>
        RtcpHeader.Length + (count * sizeof(uint)) + (reasonLength == 0 ? 0 : (1 + reasonLength + 3) & ~3);

    /// <summary>Writes a packet for at most 31 streams.</summary>
    public static void Write(ref SpanWriter writer, scoped ReadOnlySpan<Ssrc> ssrcs, scoped ReadOnlySpan<byte> reason)
    {
        var length = GetEncodedLength(ssrcs.Length, reason.Length);
        RtcpHeader.Write(ref writer, RtcpPacketType.Goodbye, ssrcs.Length, length);
        foreach (var ssrc in ssrcs)
        {
            writer.WriteUInt32(ssrc.Value);
        }

        if (reason.Length > 0)
        {
            writer.WriteByte((byte)reason.Length);
            writer.WriteBytes(reason);
            writer.WriteZeros((-(1 + reason.Length)) & 3);
        }
    }
}
