using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// ClientKeyExchange of the ECDHE suites (RFC 8422 5.7): the client's ephemeral public value.
/// <code>
/// +-------------------+
/// | public value (u8) |
/// +-------------------+
/// </code>
/// </summary>
internal sealed record ClientKeyExchange(byte[] PublicValue) : IHandshakeMessage
{
    public HandshakeType Type => HandshakeType.ClientKeyExchange;

    public int EncodedLength => 1 + PublicValue.Length;

    public static bool TryParse(ReadOnlySpan<byte> body, out ClientKeyExchange? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadVector8(out var publicValue) || !reader.IsAtEnd)
        {
            return false;
        }

        message = new ClientKeyExchange(publicValue.ToArray());
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteByte((byte)PublicValue.Length);
        writer.WriteBytes(PublicValue);
    }
}
