using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Receive;

/// <summary>Turns a packet of a retransmission stream back into the original (RFC 4588, 4), in place.</summary>
internal static class RetransmissionUnwrapper
{
    /// <summary>Bytes in front of the original payload: its sequence number. The original starts as many bytes later.</summary>
    public const int OriginalSequenceNumberLength = 2;

    /// <summary>Moves the header over the original sequence number and restores what it replaced.</summary>
    /// <returns><see langword="false"/> if there is no original: the packet only pads, to probe the path.</returns>
    public static bool TryUnwrap(Span<byte> datagram, int headerLength, int payloadLength, Ssrc ssrc, PayloadType payloadType)
    {
        if (payloadLength < OriginalSequenceNumberLength)
        {
            return false;
        }

        var sequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(datagram[headerLength..]);
        datagram[..headerLength].CopyTo(datagram[OriginalSequenceNumberLength..]);
        var packet = datagram[OriginalSequenceNumberLength..];
        packet[1] = (byte)((packet[1] & 0x80) | payloadType.Value);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc.Value);
        return true;
    }
}
