using System.Security.Cryptography;

namespace WebRtcCore.Srtp;

/// <summary>The session keys of one direction. They lie in pinned memory, so that disposing leaves no copy that the collector made.</summary>
internal sealed class SrtpSessionKeys : IDisposable
{
    // RFC 3711 5.2: the HMAC-SHA1 key has 160 bits.
    private const int AuthenticationKeyLength = 20;

    private readonly byte[] _bytes;
    private readonly int _keyLength;
    private readonly int _saltLength;
    private readonly int _authenticationKeyLength;

    public SrtpSessionKeys(SrtpProfile profile)
    {
        _keyLength = profile.GetKeyLength();
        _saltLength = profile.GetSaltLength();
        _authenticationKeyLength = profile is SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm ? 0 : AuthenticationKeyLength;
        _bytes = GC.AllocateArray<byte>(2 * HalfLength, pinned: true);
    }

    public Span<byte> RtpKey => Part(half: 0, 0, _keyLength);

    public Span<byte> RtpSalt => Part(half: 0, _keyLength, _saltLength);

    public Span<byte> RtpAuthenticationKey => Part(half: 0, _keyLength + _saltLength, _authenticationKeyLength);

    public Span<byte> RtcpKey => Part(half: 1, 0, _keyLength);

    public Span<byte> RtcpSalt => Part(half: 1, _keyLength, _saltLength);

    public Span<byte> RtcpAuthenticationKey => Part(half: 1, _keyLength + _saltLength, _authenticationKeyLength);

    private int HalfLength => _keyLength + _saltLength + _authenticationKeyLength;

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    private Span<byte> Part(int half, int offset, int length) => _bytes.AsSpan((half * HalfLength) + offset, length);
}
