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

    public int EncodedLength => 2 + ClientHello.RandomLength + 1 + SessionId.Length + 2 + 1 + Extensions.EncodedLength;

    public static bool TryParse(ReadOnlySpan<byte> body, out ServerHello? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadUInt16(out var version)
            || !reader.TryReadBytes(ClientHello.RandomLength, out var random)
            || !reader.TryReadVector8(out var sessionId)
            || sessionId.Length > ClientHello.MaxSessionIdLength
            || !reader.TryReadUInt16(out var cipherSuite)
            || !reader.TryReadByte(out var compressionMethod)
            || !HelloExtensions.TryParse(ref reader, out var extensions))
        {
            return false;
        }

        message = new ServerHello
        {
            Version = version,
            Random = random.ToArray(),
            SessionId = sessionId.ToArray(),
            CipherSuite = cipherSuite,
            CompressionMethod = compressionMethod,
            Extensions = extensions,
        };
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteBytes(Random);
        writer.WriteByte((byte)SessionId.Length);
        writer.WriteBytes(SessionId);
        writer.WriteUInt16(CipherSuite);
        writer.WriteByte(CompressionMethod);
        Extensions.Write(ref writer);
    }
}
