using System.Buffers.Binary;
using System.Numerics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// REMB: the bit rate that the receiver thinks it can take (draft-alvestrand-rmcat-remb-03). Borrows the datagram.
/// <code>
/// |  'R' 'E' 'M' 'B'                                              |
/// |  Num SSRC     | BR Exp    |  BR Mantissa                      |
/// |   SSRC feedback ...                                           |
/// </code>
/// </summary>
public readonly ref struct ReceiverEstimatedMaximumBitrate
{
    private const uint UniqueIdentifier = 0x52454D42;
    private const int FixedLength = 8;
    private const int MantissaBits = 18;
    private readonly ReadOnlySpan<byte> _ssrcs;

    private ReceiverEstimatedMaximumBitrate(Ssrc senderSsrc, long bitrateBps, ReadOnlySpan<byte> ssrcs)
    {
        SenderSsrc = senderSsrc;
        BitrateBps = bitrateBps;
        _ssrcs = ssrcs;
    }

    /// <summary>Who estimates.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>Bits per second for all streams together; clamped to <see cref="long.MaxValue"/>.</summary>
    public long BitrateBps { get; }

    /// <summary>How many streams are named, 0 to 255.</summary>
    public int Count => _ssrcs.Length / sizeof(uint);

    /// <summary>One of the streams.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public Ssrc this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(_ssrcs[(index * sizeof(uint))..]));

    /// <summary>Reads the packet.</summary>
    public static bool TryParse(RtcpPacketView packet, out ReceiverEstimatedMaximumBitrate estimate)
    {
        estimate = default;
        if (!RtcpFeedback.TryParse(
                packet, RtcpPacketType.PayloadSpecificFeedback, RtcpFeedback.ApplicationLayerFormat, out var sender, out _, out var information)
            || information.Length < FixedLength
            || BinaryPrimitives.ReadUInt32BigEndian(information) != UniqueIdentifier
            || information[4] * sizeof(uint) != information.Length - FixedLength)
        {
            return false;
        }

        var exponent = information[5] >> 2;
        var mantissa = BinaryPrimitives.ReadUInt32BigEndian(information[4..]) & ((1u << MantissaBits) - 1);

        // 18 bits shifted by up to 63: what does not fit a long is as good as unlimited.
        var bitrate = mantissa == 0 ? 0
            : exponent + BitOperations.Log2(mantissa) >= 63 ? long.MaxValue
            : (long)mantissa << exponent;
        estimate = new ReceiverEstimatedMaximumBitrate(sender, bitrate, information[FixedLength..]);
        return true;
    }

    /// <summary>Bytes of a packet that names <paramref name="count"/> streams.</summary>
    public static int GetEncodedLength(int count) => RtcpFeedback.HeaderLength + FixedLength + (count * sizeof(uint));

    /// <summary>Writes a packet. The bit rate is rounded down to 18 significant bits.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="sender">Who estimates.</param>
    /// <param name="bitrateBps">Bits per second, not negative.</param>
    /// <param name="ssrcs">The streams meant, at most 255.</param>
    public static void Write(ref SpanWriter writer, Ssrc sender, long bitrateBps, scoped ReadOnlySpan<Ssrc> ssrcs)
    {
        RtcpFeedback.Write(
            ref writer,
            RtcpPacketType.PayloadSpecificFeedback,
            RtcpFeedback.ApplicationLayerFormat,
            sender,
            media: default,
            GetEncodedLength(ssrcs.Length));
        var exponent = Math.Max(0, BitOperations.Log2((ulong)bitrateBps) + 1 - MantissaBits);
        writer.WriteUInt32(UniqueIdentifier);
        writer.WriteByte((byte)ssrcs.Length);
        writer.WriteUInt24(((uint)exponent << MantissaBits) | (uint)(bitrateBps >> exponent));
        foreach (var ssrc in ssrcs)
        {
            writer.WriteUInt32(ssrc.Value);
        }
    }
}
