using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>The body of a handshake message that can be written.</summary>
internal interface IHandshakeMessage
{
    /// <summary>Its kind.</summary>
    HandshakeType Type { get; }

    /// <summary>Exactly how many bytes <see cref="Write"/> writes.</summary>
    int EncodedLength { get; }

    /// <summary>Writes the body, without the handshake header.</summary>
    void Write(ref SpanWriter writer);
}
