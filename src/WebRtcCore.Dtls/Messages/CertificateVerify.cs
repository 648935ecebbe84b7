using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// CertificateVerify (RFC 5246 7.4.8): the client's signature over all handshake messages so far.
/// <code>
/// +--------+-----------------+
/// | scheme | signature (u16) |
/// +--------+-----------------+
/// </code>
/// </summary>
internal sealed record CertificateVerify(SignatureScheme Scheme, byte[] Signature) : IHandshakeMessage
{
    public HandshakeType Type => HandshakeType.CertificateVerify;

    public int EncodedLength => 2 + 2 + Signature.Length;

    public static bool TryParse(ReadOnlySpan<byte> body, out CertificateVerify? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadUInt16(out var scheme) || !reader.TryReadVector16(out var signature) || !reader.IsAtEnd)
        {
            return false;
        }

        message = new CertificateVerify((SignatureScheme)scheme, signature.ToArray());
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt16((ushort)Scheme);
        writer.WriteUInt16((ushort)Signature.Length);
        writer.WriteBytes(Signature);
    }
}
