using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// HelloVerifyRequest (RFC 6347 4.2.1): the server wants its cookie back. Accepted as a client; never sent, since ICE has proven the path.
/// <code>
/// +---------+-------------+
/// | version | cookie 0-255|
/// +---------+-------------+
/// </code>
/// </summary>
internal sealed record HelloVerifyRequest(ushort Version, byte[] Cookie) : IHandshakeMessage
{
    public HandshakeType Type => HandshakeType.HelloVerifyRequest;

    public int EncodedLength => 2 + 1 + Cookie.Length;

    public static bool TryParse(ReadOnlySpan<byte> body, out HelloVerifyRequest? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadUInt16(out var version) || !reader.TryReadVector8(out var cookie) || !reader.IsAtEnd)
        {
            return false;
        }

        message = new HelloVerifyRequest(version, cookie.ToArray());
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteByte((byte)Cookie.Length);
        writer.WriteBytes(Cookie);
    }
}
