using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// Certificate (RFC 5246 7.4.2): the sender's certificate first, then whatever signs it. A client without one sends an empty list.
/// <code>
/// +------------------+  +-------------+-----
/// | list length (24) |  | length (24) | DER   ...
/// +------------------+  +-------------+-----
/// </code>
/// </summary>
internal sealed record CertificateMessage(IReadOnlyList<byte[]> Certificates) : IHandshakeMessage
{
    private const int MaxCertificates = 10;

    public HandshakeType Type => HandshakeType.Certificate;

    public int EncodedLength => 3 + ListLength;

    private int ListLength => Certificates.Sum(certificate => 3 + certificate.Length);

    public static bool TryParse(ReadOnlySpan<byte> body, out CertificateMessage? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadVector24(out var list) || !reader.IsAtEnd)
        {
            return false;
        }

        var certificates = new List<byte[]>();
        var items = new SpanReader(list);
        while (!items.IsAtEnd)
        {
            if (!items.TryReadVector24(out var certificate) || certificate.IsEmpty || certificates.Count == MaxCertificates)
            {
                return false;
            }

            certificates.Add(certificate.ToArray());
        }

        message = new CertificateMessage(certificates);
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt24((uint)ListLength);
        foreach (var certificate in Certificates)
        {
            writer.WriteUInt24((uint)certificate.Length);
            writer.WriteBytes(certificate);
        }
    }
}
