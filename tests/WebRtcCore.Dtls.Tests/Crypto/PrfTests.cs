using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests.Crypto;

public class PrfTests
{
    [Test]
    public void Gives_the_known_answer()
    {
        using var vectors = JsonDocument.Parse(TestData.ReadText("vectors/kdf_hmac.json"));
        var vector = vectors.RootElement.GetProperty("tls12_prf_sha256");
        var expected = Bytes(vector, "out");
        var output = new byte[expected.Length];
        Prf.Derive(HashAlgorithmName.SHA256, Bytes(vector, "secret"), Encoding.ASCII.GetBytes(vector.GetProperty("label").GetString()!), Bytes(vector, "seed"), default, output);
        Assert.That(output, Is.EqualTo(expected));
    }

    [Test]
    public void Exports_what_openssl_exports()
    {
        using var vectors = JsonDocument.Parse(TestData.ReadText("vectors/dtls_srtp_exporter.json"));
        var vector = vectors.RootElement;
        using var keys = new Dtls12KeySchedule(
            CipherSuiteInfo.Find(DtlsCipherSuite.EcdheEcdsaAes128GcmSha256)!,
            Bytes(vector, "master_secret"),
            Bytes(vector, "client_random"),
            Bytes(vector, "server_random"));
        var output = new byte[60];
        keys.Export("EXTRACTOR-dtls_srtp"u8, hasContext: false, default, output);
        Assert.That(output, Is.EqualTo(Bytes(vector, "keying_material")));
    }

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
}
