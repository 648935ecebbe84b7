using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// FIR: streams that are asked for a key frame (RFC 5104, 4.3.1). Borrows the datagram. The media SSRC of the header is not used.
/// <code>
/// |                              SSRC                             |  per entry
/// | Seq nr.       |    Reserved                                   |
/// </code>
/// </summary>
public readonly ref struct FullIntraRequest
{
    private const int EntryLength = 8;
    private readonly ReadOnlySpan<byte> _entries;

    private FullIntraRequest(Ssrc senderSsrc, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = senderSsrc;
        _entries = entries;
    }

    /// <summary>Who asks.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>How many streams are asked for, at least 1.</summary>
    public int Count => _entries.Length / EntryLength;

    /// <summary>One of the requests.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public FullIntraRequestEntry this[int index]
    {
        get
        {
            var entry = _entries.Slice(index * EntryLength, EntryLength);
            return new FullIntraRequestEntry(new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(entry)), entry[4]);
        }
    }

    /// <summary>Reads the packet; it has at least one request.</summary>
    public static bool TryParse(RtcpPacketView packet, out FullIntraRequest request)
    {
        request = default;
        if (!RtcpFeedback.TryParse(
                packet, RtcpPacketType.PayloadSpecificFeedback, RtcpFeedback.FullIntraFormat, out var sender, out _, out var entries)
            || entries.Length == 0 || entries.Length % EntryLength != 0)
        {
            return false;
        }

        request = new FullIntraRequest(sender, entries);
        return true;
    }

    /// <summary>Bytes of a packet with <paramref name="count"/> requests.</summary>
    public static int GetEncodedLength(int count) => RtcpFeedback.HeaderLength + (count * EntryLength);

    /// <summary>Writes a packet with at least one request.</summary>
    public static void Write(ref SpanWriter writer, Ssrc sender, scoped ReadOnlySpan<FullIntraRequestEntry> entries)
    {
        RtcpFeedback.Write(
            ref writer,
            RtcpPacketType.PayloadSpecificFeedback,
            RtcpFeedback.FullIntraFormat,
            sender,
            media: default,
            GetEncodedLength(entries.Length));
        foreach (var entry in entries)
        {
            writer.WriteUInt32(entry.Ssrc.Value);
            writer.WriteByte(entry.CommandNumber);
            writer.WriteZeros(3);
        }
    }
}
