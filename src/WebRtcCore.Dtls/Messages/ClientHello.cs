using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// ClientHello (RFC 5246 7.4.1.2 with the cookie of RFC 6347 4.2.1).
/// <code>
/// +---------+-----------+-----------------+-------------+--------------------+-------------------------+------------
/// | version | random 32 | session id 0-32 | cookie 0-255| cipher suites (u16)| compression methods (u8)| extensions
/// +---------+-----------+-----------------+-------------+--------------------+-------------------------+------------
/// </code>
/// </summary>
internal sealed record ClientHello : IHandshakeMessage
{
    /// <summary>TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 3.3).</summary>
    public const ushort RenegotiationInfoSignal = 0x00FF;

    public required ushort Version { get; init; }

    public required byte[] Random { get; init; }

    public byte[] SessionId { get; init; } = [];

    public byte[] Cookie { get; init; } = [];

    public required ushort[] CipherSuites { get; init; }

    public byte[] CompressionMethods { get; init; } = [0];

    public HelloExtensions Extensions { get; init; } = new();

    public HandshakeType Type => HandshakeType.ClientHello;

    public int EncodedLength =>
        Head.EncodedLength + 1 + Cookie.Length + 2 + (CipherSuites.Length * 2) + 1 + CompressionMethods.Length + Extensions.EncodedLength;

    private HelloHead Head => new(Version, Random, SessionId);

    public static bool TryParse(ReadOnlySpan<byte> body, out ClientHello? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!HelloHead.TryParse(ref reader, out var head)
            || !reader.TryReadVector8(out var cookie)
            || !reader.TryReadVector16(out var suites)
            || !UInt16Vector.TryParse(suites, out var cipherSuites)
            || !reader.TryReadVector8(out var compressionMethods)
            || compressionMethods.IsEmpty
            || !HelloExtensions.TryParse(ref reader, out var extensions))
        {
            return false;
        }

        message = new ClientHello
        {
            Version = head.Version,
            Random = head.Random,
            SessionId = head.SessionId,
            Cookie = cookie.ToArray(),
            CipherSuites = cipherSuites,
            CompressionMethods = compressionMethods.ToArray(),
            Extensions = extensions,
        };
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        Head.Write(ref writer);
        writer.WriteByte((byte)Cookie.Length);
        writer.WriteBytes(Cookie);
        writer.WriteUInt16((ushort)(CipherSuites.Length * 2));
        foreach (var suite in CipherSuites)
        {
            writer.WriteUInt16(suite);
        }

        writer.WriteByte((byte)CompressionMethods.Length);
        writer.WriteBytes(CompressionMethods);
        Extensions.Write(ref writer);
    }
}
