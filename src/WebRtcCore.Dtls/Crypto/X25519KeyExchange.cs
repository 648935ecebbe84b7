using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Crypto;

/// <summary>X25519 (RFC 7748), which .NET 10 lacks on Linux with OpenSSL 3.0: the arithmetic comes from BouncyCastle.</summary>
internal sealed class X25519KeyExchange : KeyExchange
{
    private readonly byte[] _privateKey = new byte[X25519.ScalarSize];
    private readonly byte[] _publicValue = new byte[X25519.PointSize];

    public X25519KeyExchange(IRandomSource random)
    {
        random.Fill(_privateKey);
        X25519.ScalarMultBase(_privateKey, 0, _publicValue, 0);
    }

    public override DtlsGroup Group => DtlsGroup.X25519;

    public override ReadOnlySpan<byte> PublicValue => _publicValue;

    public override bool TryAgree(ReadOnlySpan<byte> peerPublicValue, out byte[] secret)
    {
        secret = [];
        if (peerPublicValue.Length != X25519.PointSize)
        {
            return false;
        }

        var result = new byte[X25519.PointSize];

        // RFC 8422 5.11: an all-zero result (a point of small order) must be refused; CalculateAgreement then answers false.
        if (!X25519.CalculateAgreement(_privateKey, 0, peerPublicValue.ToArray(), 0, result, 0))
        {
            return false;
        }

        secret = result;
        return true;
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_privateKey);
}
