using System.Security.Cryptography;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Dtls.Crypto;

/// <summary>ChaCha20-Poly1305 of the platform.</summary>
internal sealed class ChaCha20Poly1305Aead(ReadOnlySpan<byte> key) : Aead
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

    public override void Seal(ReadOnlySpan<byte> nonce, Span<byte> data, Span<byte> tag, ReadOnlySpan<byte> associatedData) =>
        _cipher.Encrypt(nonce, data, data, tag, associatedData);

    public override bool TryOpen(ReadOnlySpan<byte> nonce, Span<byte> data, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        try
        {
            _cipher.Decrypt(nonce, data, tag, data, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _cipher.Dispose();
}
