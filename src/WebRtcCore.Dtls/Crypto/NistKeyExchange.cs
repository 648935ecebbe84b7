using System.Security.Cryptography;

namespace WebRtcCore.Dtls.Crypto;

/// <summary>ECDH on P-256 or P-384 with uncompressed points (RFC 8422 5.4.1).</summary>
internal sealed class NistKeyExchange : KeyExchange
{
    private const byte UncompressedPoint = 4;
    private readonly ECDiffieHellman _key;
    private readonly ECCurve _curve;
    private readonly byte[] _publicValue;

    public NistKeyExchange(DtlsGroup group)
    {
        Group = group;
        _curve = group == DtlsGroup.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
        _key = ECDiffieHellman.Create(_curve);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        _publicValue = [UncompressedPoint, .. point.X!, .. point.Y!];
    }

    public override DtlsGroup Group { get; }

    public override ReadOnlySpan<byte> PublicValue => _publicValue;

    public override bool TryAgree(ReadOnlySpan<byte> peerPublicValue, out byte[] secret)
    {
        secret = [];
        if (peerPublicValue.Length != _publicValue.Length || peerPublicValue[0] != UncompressedPoint)
        {
            return false;
        }

        var coordinate = (peerPublicValue.Length - 1) / 2;
        var parameters = new ECParameters
        {
            Curve = _curve,
            Q = new ECPoint { X = peerPublicValue.Slice(1, coordinate).ToArray(), Y = peerPublicValue[(1 + coordinate)..].ToArray() },
        };
        try
        {
            // The platform's library checks that the point is on the curve (RFC 8422 5.11).
            using var peer = ECDiffieHellman.Create(parameters);
            using var peerKey = peer.PublicKey;
            secret = _key.DeriveRawSecretAgreement(peerKey);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public override void Dispose() => _key.Dispose();
}
