using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>ServerHelloDone (RFC 5246 7.4.5): an empty body.</summary>
internal sealed record ServerHelloDone : IHandshakeMessage
{
    public HandshakeType Type => HandshakeType.ServerHelloDone;

    public int EncodedLength => 0;

    public static bool TryParse(ReadOnlySpan<byte> body, out ServerHelloDone? message)
    {
        message = body.IsEmpty ? new ServerHelloDone() : null;
        return message is not null;
    }

    public void Write(ref SpanWriter writer)
    {
    }
}
