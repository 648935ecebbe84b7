using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// CertificateRequest (RFC 5246 7.4.4).
/// <code>
/// +-----------------------+-------------------------+-------------------------+
/// | certificate types (u8)| signature schemes (u16) | authority names (u16)   |
/// +-----------------------+-------------------------+-------------------------+
/// </code>
/// </summary>
internal sealed record CertificateRequestMessage(byte[] CertificateTypes, SignatureScheme[] Schemes) : IHandshakeMessage
{
    public const byte RsaSign = 1;
    public const byte EcdsaSign = 64;

    public HandshakeType Type => HandshakeType.CertificateRequest;

    public int EncodedLength => 1 + CertificateTypes.Length + 2 + (Schemes.Length * 2) + 2;

    /// <summary>The names of authorities are skipped: WebRTC certificates are self-signed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out CertificateRequestMessage? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadVector8(out var types)
            || types.IsEmpty
            || !reader.TryReadVector16(out var list)
            || !UInt16Vector.TryParse(list, out var schemes)
            || !reader.TryReadVector16(out _)
            || !reader.IsAtEnd)
        {
            return false;
        }

        message = new CertificateRequestMessage(types.ToArray(), Array.ConvertAll(schemes, scheme => (SignatureScheme)scheme));
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteByte((byte)CertificateTypes.Length);
        writer.WriteBytes(CertificateTypes);
        writer.WriteUInt16((ushort)(Schemes.Length * 2));
        foreach (var scheme in Schemes)
        {
            writer.WriteUInt16((ushort)scheme);
        }

        writer.WriteUInt16(0);
    }
}
