using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// ServerHello (RFC 5246 7.4.1.3).
/// <code>
/// +---------+-----------+-----------------+--------------+-------------+------------
/// | version | random 32 | session id 0-32 | cipher suite | compression | extensions
/// +---------+-----------+-----------------+--------------+-------------+------------
/// </code>
/// </summary>
internal sealed record ServerHello : IHandshakeMessage
{
    public required ushort Version { get; init; }

    public required byte[] Random { get; init; }

    public byte[] SessionId { get; init; } = [];

    public required ushort CipherSuite { get; init; }

    public byte CompressionMethod { get; init; }

    public HelloExtensions Extensions { get; init; } = new();

    public HandshakeType Type => HandshakeType.ServerHello;

    public int EncodedLength => Head.EncodedLength + 2 + 1 + Extensions.EncodedLength;

    private HelloHead Head => new(Version, Random, SessionId);

    public static bool TryParse(ReadOnlySpan<byte> body, out ServerHello? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!HelloHead.TryParse(ref reader, out var head)
            || !reader.TryReadUInt16(out var cipherSuite)
            || !reader.TryReadByte(out var compressionMethod)
            || !HelloExtensions.TryParse(ref reader, out var extensions))
        {
            return false;
        }

        message = new ServerHello
        {
            Version = head.Version,
            Random = head.Random,
            SessionId = head.SessionId,
            CipherSuite = cipherSuite,
            CompressionMethod = compressionMethod,
            Extensions = extensions,
        };
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        Head.Write(ref writer);
        writer.WriteUInt16(CipherSuite);
        writer.WriteByte(CompressionMethod);
        Extensions.Write(ref writer);
    }
}
