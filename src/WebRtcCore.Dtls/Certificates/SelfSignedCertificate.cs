using System.Formats.Asn1;
using System.Security.Cryptography;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls;

/// <summary>
/// Writes the certificate of an own ECDSA P-256 key (RFC 5280 4.1): a name, a validity, the key, a signature, no extensions. The platform's classes would
/// parse what they have written, and again for every step: with OpenSSL 3 that is three quarters of what a new certificate costs.
/// </summary>
internal static class SelfSignedCertificate
{
    private const int SerialNumberLength = 16;
    private const int Version3 = 2;
    private const int LastUtcTimeYear = 2049;
    private const byte UncompressedPoint = 4;
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Secp256r1 = "1.2.840.10045.3.1.7";
    private const string CommonName = "2.5.4.3";
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);

    /// <summary>The certificate in DER.</summary>
    public static byte[] Encode(ECDsa key, ECPoint publicKey, DateTimeOffset notBefore, DateTimeOffset notAfter, IRandomSource random)
    {
        var body = new AsnWriter(AsnEncodingRules.DER);
        WriteBody(body, publicKey, notBefore, notAfter, random);
        var signature = key.SignData(body.Encode(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var certificate = new AsnWriter(AsnEncodingRules.DER);
        using (certificate.PushSequence())
        {
            body.CopyTo(certificate);
            WriteSignatureAlgorithm(certificate);
            certificate.WriteBitString(signature);
        }

        return certificate.Encode();
    }

    /// <summary>What a certificate can say of a time.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static void WriteBody(AsnWriter writer, ECPoint publicKey, DateTimeOffset notBefore, DateTimeOffset notAfter, IRandomSource random)
    {
        using var sequence = writer.PushSequence();
        using (writer.PushSequence(VersionTag))
        {
            writer.WriteInteger(Version3);
        }

        WriteSerialNumber(writer, random);
        WriteSignatureAlgorithm(writer);
        WriteName(writer);
        using (writer.PushSequence())
        {
            WriteTime(writer, notBefore);
            WriteTime(writer, notAfter);
        }

        WriteName(writer);
        WritePublicKey(writer, publicKey);
    }

    // RFC 5280 4.1.2.2: serial numbers are positive integers.
    private static void WriteSerialNumber(AsnWriter writer, IRandomSource random)
    {
        Span<byte> serial = stackalloc byte[SerialNumberLength];
        random.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        writer.WriteInteger(serial);
    }

    private static void WriteSignatureAlgorithm(AsnWriter writer)
    {
        using var algorithm = writer.PushSequence();
        writer.WriteObjectIdentifier(EcdsaWithSha256);
    }

    private static void WriteName(AsnWriter writer)
    {
        using var name = writer.PushSequence();
        using var relativeName = writer.PushSetOf();
        using var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier(CommonName);
        writer.WriteCharacterString(UniversalTagNumber.UTF8String, "WebRTC");
    }

    // RFC 5280 4.1.2.5: two digits of the year through 2049, four from then on.
    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year <= LastUtcTimeYear)
        {
            writer.WriteUtcTime(time, LastUtcTimeYear);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    private static void WritePublicKey(AsnWriter writer, ECPoint publicKey)
    {
        using var information = writer.PushSequence();
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(EcPublicKey);
            writer.WriteObjectIdentifier(Secp256r1);
        }

        writer.WriteBitString([UncompressedPoint, .. publicKey.X!, .. publicKey.Y!]);
    }
}
