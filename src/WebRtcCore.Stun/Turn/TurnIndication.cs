using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// Send and Data indications, laid around data that is already in place: XOR-PEER-ADDRESS in front of DATA, and nothing behind it.
/// Reading and writing allocate nothing.
/// </summary>
public static class TurnIndication
{
    /// <summary>The largest number of bytes in front of the data: header, an IPv6 peer, and the header of DATA.</summary>
    public const int MaxOverhead = StunFormat.HeaderLength + StunFormat.AttributeHeaderLength + 20 + StunFormat.AttributeHeaderLength;

    /// <summary>Where the data of an indication for <paramref name="peer"/> begins.</summary>
    public static int GetDataOffset(TransportAddress peer) =>
        StunFormat.HeaderLength + StunFormat.AttributeHeaderLength + StunFormat.EncodedAddressLength(peer) + StunFormat.AttributeHeaderLength;

    /// <summary>Completes an indication whose data already lies at <see cref="GetDataOffset"/>.</summary>
    /// <param name="message">At least as long as the message becomes: data and up to three bytes of padding.</param>
    /// <param name="method"><see cref="StunMethod.Send"/> or <see cref="StunMethod.Data"/>.</param>
    /// <param name="transactionId">A fresh one.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="dataLength">The length of the data.</param>
    /// <returns>The length of the whole.</returns>
    public static int Complete(Span<byte> message, StunMethod method, StunTransactionId transactionId, TransportAddress peer, int dataLength)
    {
        var offset = GetDataOffset(peer);
        var writer = new StunMessageWriter(message[..(offset - StunFormat.AttributeHeaderLength)], StunClass.Indication, method, transactionId);
        writer.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
        BinaryPrimitives.WriteUInt16BigEndian(message[(offset - StunFormat.AttributeHeaderLength)..], (ushort)StunAttributeType.Data);
        BinaryPrimitives.WriteUInt16BigEndian(message[(offset - 2)..], (ushort)dataLength);
        var length = offset + StunFormat.Padded(dataLength);
        message[(offset + dataLength)..length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message[StunFormat.LengthOffset..], (ushort)(length - StunFormat.HeaderLength));
        return length;
    }

    /// <summary>
    /// Reads peer and data. The peer is canonical and one that can be relayed to (<see cref="TurnPeerAddress.TryCanonicalize"/>);
    /// an indication about any other is refused, as one without peer or data is. Never throws.
    /// </summary>
    /// <param name="message">A Send or Data indication.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="data">The data; borrowed from the message.</param>
    public static bool TryRead(scoped in StunMessageView message, out TransportAddress peer, out ReadOnlySpan<byte> data)
    {
        peer = default;
        data = default;
        if (message.Class != StunClass.Indication
            || !message.TryGetXorAddress(StunAttributeType.XorPeerAddress, out var stated)
            || !message.TryGetAttribute(StunAttributeType.Data, out var bytes)
            || !TurnPeerAddress.TryCanonicalize(stated, out var canonical))
        {
            return false;
        }

        peer = canonical;
        data = bytes;
        return true;
    }
}
