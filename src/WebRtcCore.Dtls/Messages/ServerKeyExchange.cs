using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// ServerKeyExchange of the ECDHE suites (RFC 8422 5.4): the server's ephemeral public value and a signature over it and both randoms.
/// <code>
/// +----------------+-------+-------------------+--------+-----------------+
/// | named_curve (3)| group | public value (u8) | scheme | signature (u16) |
/// +----------------+-------+-------------------+--------+-----------------+
/// </code>
/// </summary>
internal sealed record ServerKeyExchange(ushort Group, byte[] PublicValue, SignatureScheme Scheme, byte[] Signature) : IHandshakeMessage
{
    private const byte NamedCurve = 3;

    public HandshakeType Type => HandshakeType.ServerKeyExchange;

    public int EncodedLength => ParametersLength(PublicValue.Length) + 2 + 2 + Signature.Length;

    public static bool TryParse(ReadOnlySpan<byte> body, out ServerKeyExchange? message)
    {
        message = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadByte(out var curveType)
            || curveType != NamedCurve
            || !reader.TryReadUInt16(out var group)
            || !reader.TryReadVector8(out var publicValue)
            || !reader.TryReadUInt16(out var scheme)
            || !reader.TryReadVector16(out var signature)
            || !reader.IsAtEnd)
        {
            return false;
        }

        message = new ServerKeyExchange(group, publicValue.ToArray(), (SignatureScheme)scheme, signature.ToArray());
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        WriteParameters(ref writer, Group, PublicValue);
        writer.WriteUInt16((ushort)Scheme);
        writer.WriteUInt16((ushort)Signature.Length);
        writer.WriteBytes(Signature);
    }

    /// <summary>What the signature covers: client random, server random, and the parameters as they are on the wire.</summary>
    public static byte[] SignedData(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom, ushort group, ReadOnlySpan<byte> publicValue)
    {
        var data = new byte[clientRandom.Length + serverRandom.Length + ParametersLength(publicValue.Length)];
        var writer = new SpanWriter(data);
        writer.WriteBytes(clientRandom);
        writer.WriteBytes(serverRandom);
        WriteParameters(ref writer, group, publicValue);
        return data;
    }

    private static int ParametersLength(int publicValueLength) => 1 + 2 + 1 + publicValueLength;

    private static void WriteParameters(ref SpanWriter writer, ushort group, ReadOnlySpan<byte> publicValue)
    {
        writer.WriteByte(NamedCurve);
        writer.WriteUInt16(group);
        writer.WriteByte((byte)publicValue.Length);
        writer.WriteBytes(publicValue);
    }
}
