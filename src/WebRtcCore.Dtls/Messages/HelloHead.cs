using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// What ClientHello and ServerHello begin with (RFC 5246 7.4.1.2, 7.4.1.3).
/// <code>
/// +---------+-----------+-----------------+----
/// | version | random 32 | session id 0-32 | ...
/// +---------+-----------+-----------------+----
/// </code>
/// </summary>
internal readonly record struct HelloHead(ushort Version, byte[] Random, byte[] SessionId)
{
    public const int RandomLength = 32;
    public const int MaxSessionIdLength = 32;

    public int EncodedLength => sizeof(ushort) + RandomLength + 1 + SessionId.Length;

    public static bool TryParse(ref SpanReader reader, out HelloHead head)
    {
        head = default;
        if (!reader.TryReadUInt16(out var version)
            || !reader.TryReadBytes(RandomLength, out var random)
            || !reader.TryReadVector8(out var sessionId)
            || sessionId.Length > MaxSessionIdLength)
        {
            return false;
        }

        head = new HelloHead(version, random.ToArray(), sessionId.ToArray());
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteBytes(Random);
        writer.WriteByte((byte)SessionId.Length);
        writer.WriteBytes(SessionId);
    }
}
