using System.Buffers.Binary;

namespace WebRtcCore.Stun;

/// <summary>ChannelData: data of a peer with four bytes before it instead of an indication (RFC 8656, 12.4).</summary>
public static class TurnChannelData
{
    //  0                   1                   2                   3
    //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    // +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    // |       channel number          |      length of the data       |
    // |                     data, over streams padded to four bytes   |
    // +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+

    /// <summary>The bytes in front of the data.</summary>
    public const int HeaderLength = 4;

    /// <summary>Whether the first byte is that of ChannelData: 64 to 79 (RFC 7983, 7), or up to 127 from clients of RFC 5766.</summary>
    public static bool LooksLikeChannelData(ReadOnlySpan<byte> datagram) =>
        datagram is [>= TurnChannel.First >> 8 and <= TurnChannel.LastOfOlderClients >> 8, ..];

    /// <summary>Reads one datagram, or one frame of a stream. Padding behind the data is allowed on both. Never throws.</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="channel">A number that a server takes.</param>
    /// <param name="length">The length of the data, which begins at <see cref="HeaderLength"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out TurnChannel channel, out int length)
    {
        channel = default;
        length = 0;
        if (datagram.Length < HeaderLength || !LooksLikeChannelData(datagram))
        {
            return false;
        }

        var stated = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (stated > datagram.Length - HeaderLength)
        {
            return false;
        }

        channel = new TurnChannel(BinaryPrimitives.ReadUInt16BigEndian(datagram));
        length = stated;
        return true;
    }

    /// <summary>The length of a whole message: over streams it is a multiple of four.</summary>
    public static int EncodedLength(int dataLength, bool isPadded) =>
        isPadded ? HeaderLength + StunFormat.Padded(dataLength) : HeaderLength + dataLength;

    /// <summary>Completes a message whose data already lies at <see cref="HeaderLength"/>.</summary>
    /// <param name="message">At least as long as the message becomes.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="dataLength">The length of the data, 0 to 65535.</param>
    /// <param name="isPadded">Whether it goes over a stream.</param>
    /// <returns>The length of the whole.</returns>
    public static int Complete(Span<byte> message, TurnChannel channel, int dataLength, bool isPadded)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, channel.Value);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)dataLength);
        var length = EncodedLength(dataLength, isPadded);
        message[(HeaderLength + dataLength)..length].Clear();
        return length;
    }
}
