using System.Buffers.Binary;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// The number of a packet among all of its transport, whatever its stream (draft-holmer-rmcat-transport-wide-cc-extensions-01, 2).
/// </summary>
/// <param name="Value">The 16-bit number; wraps around.</param>
public readonly record struct TransportSequenceNumber(ushort Value)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedLength = 2;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out TransportSequenceNumber number)
    {
        // Version 2 of the extension adds a feedback request of two bytes behind the number.
        if (value.Length is not (2 or 4))
        {
            number = default;
            return false;
        }

        number = new TransportSequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(value));
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt16BigEndian(destination, Value);
}
