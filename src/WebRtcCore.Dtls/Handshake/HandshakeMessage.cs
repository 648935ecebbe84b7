using WebRtcCore.Dtls.Messages;

namespace WebRtcCore.Dtls.Handshake;

/// <summary>A handshake message put together from its fragments.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Epoch">The epoch of the records that carried it: 0 is unauthenticated.</param>
/// <param name="Encoded">Header and body as if it had come in one fragment: the form that the transcript hash covers (RFC 6347 4.2.6).</param>
internal sealed record HandshakeMessage(HandshakeType Type, ushort Epoch, byte[] Encoded)
{
    public ReadOnlySpan<byte> Body => Encoded.AsSpan(HandshakeHeader.Length);
}
