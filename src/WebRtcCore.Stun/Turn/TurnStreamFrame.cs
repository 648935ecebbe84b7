using System.Buffers.Binary;

namespace WebRtcCore.Stun;

/// <summary>
/// Cuts a byte stream between TURN client and server into its messages (RFC 8656, 3.1 and 12.5): a STUN message says its length in its header;
/// ChannelData does too, and is padded to a multiple of four bytes.
/// </summary>
public static class TurnStreamFrame
{
    /// <summary>The bytes that tell the length of the message in front.</summary>
    public const int PrefixLength = 4;

    /// <summary>What the front of a stream is.</summary>
    public enum Outcome
    {
        /// <summary>More bytes are needed.</summary>
        Incomplete,

        /// <summary>A whole message is there.</summary>
        Complete,

        /// <summary>Neither of the two: the stream cannot be read any further.</summary>
        Invalid,

        /// <summary>The message in front is longer than wanted. It is to be skipped: whoever may send to a relayed address can make the server write such a message.</summary>
        TooLong,
    }

    /// <summary>Looks at the front of a stream. Never throws.</summary>
    /// <param name="stream">What has come so far; the first <see cref="PrefixLength"/> bytes suffice.</param>
    /// <param name="available">How many bytes have come in all.</param>
    /// <param name="maxLength">The longest message wanted, padding included.</param>
    /// <param name="length">The length of the message in front with its padding, once it is known; otherwise 0.</param>
    public static Outcome Read(ReadOnlySpan<byte> stream, long available, int maxLength, out int length)
    {
        length = 0;
        if (stream.Length < PrefixLength)
        {
            return Outcome.Incomplete;
        }

        var stated = BinaryPrimitives.ReadUInt16BigEndian(stream[2..]);
        int total;
        if (stream[0] <= 3)
        {
            if ((stated & 3) != 0)
            {
                return Outcome.Invalid;
            }

            total = StunFormat.HeaderLength + stated;
        }
        else if (TurnChannelData.LooksLikeChannelData(stream))
        {
            total = TurnChannelData.EncodedLength(stated, isPadded: true);
        }
        else
        {
            return Outcome.Invalid;
        }

        length = total;
        return total > maxLength ? Outcome.TooLong : available < total ? Outcome.Incomplete : Outcome.Complete;
    }
}
