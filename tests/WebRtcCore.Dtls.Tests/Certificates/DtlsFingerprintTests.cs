using System.Security.Cryptography;

namespace WebRtcCore.Dtls.Tests.Certificates;

public class DtlsFingerprintTests
{
    private static readonly byte[] Certificate = [1, 2, 3];

    [Test]
    public void Is_written_as_sdp_writes_it()
    {
        var fingerprint = DtlsFingerprint.Compute("SHA-256", Certificate);
        Assert.That(fingerprint.Algorithm, Is.EqualTo("sha-256"));
        Assert.That(fingerprint.Value, Does.Match("^([0-9A-F]{2}:){31}[0-9A-F]{2}$"));
        Assert.That(fingerprint.Value.Replace(":", "", StringComparison.Ordinal), Is.EqualTo(Convert.ToHexString(SHA256.HashData(Certificate))));
        Assert.That(fingerprint.ToString(), Is.EqualTo("sha-256 " + fingerprint.Value));
    }

    [Test]
    public void Matches_whatever_the_letter_case([Values("sha-256", "sha-384", "sha-512")] string algorithm)
    {
        var fingerprint = DtlsFingerprint.Compute(algorithm, Certificate);
        Assert.That(fingerprint.Matches(Certificate), Is.True);
        Assert.That(new DtlsFingerprint(algorithm.ToUpperInvariant(), fingerprint.Value.ToLowerInvariant()).Matches(Certificate), Is.True);
        Assert.That(fingerprint.Matches([1, 2, 4]), Is.False);
    }

    [Test]
    public void Weak_unknown_and_malformed_ones_never_match()
    {
        var value = DtlsFingerprint.Compute("sha-256", Certificate).Value;
        var sha1 = string.Join(':', SHA1.HashData(Certificate).Select(b => b.ToString("X2")));
        Assert.That(new DtlsFingerprint("sha-1", sha1).Matches(Certificate), Is.False);
        Assert.That(new DtlsFingerprint("sha-257", value).Matches(Certificate), Is.False);
        foreach (var bad in new[] { "", value[..^1], value[..^3], value + ":00", value.Replace(':', ' '), "G" + value[1..], value.Replace(":", "", StringComparison.Ordinal) })
        {
            Assert.That(new DtlsFingerprint("sha-256", bad).Matches(Certificate), Is.False, bad);
        }
    }

    [Test]
    public void Weak_algorithms_cannot_be_computed() => Assert.That(() => DtlsFingerprint.Compute("sha-1", Certificate), Throws.ArgumentException);
}
