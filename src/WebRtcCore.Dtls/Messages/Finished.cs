using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>Finished (RFC 5246 7.4.9): 12 bytes that prove the same keys and the same transcript.</summary>
internal sealed record Finished(byte[] VerifyData) : IHandshakeMessage
{
    public const int VerifyDataLength = 12;

    public HandshakeType Type => HandshakeType.Finished;

    public int EncodedLength => VerifyDataLength;

    public static bool TryParse(ReadOnlySpan<byte> body, out Finished? message)
    {
        message = body.Length == VerifyDataLength ? new Finished(body.ToArray()) : null;
        return message is not null;
    }

    public void Write(ref SpanWriter writer) => writer.WriteBytes(VerifyData);
}
