using System.Security.Cryptography;

namespace WebRtcCore.Primitives.Cryptography;

/// <summary>AES-GCM of the platform. It wipes the data itself where the tag does not fit.</summary>
internal sealed class PlatformAesGcm(ReadOnlySpan<byte> key) : Aead
{
    private readonly AesGcm _cipher = new(key, TagLength);

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
