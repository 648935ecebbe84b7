namespace WebRtcCore.Srtp.Tests;

public sealed class KeyDerivationTests
{
    [Test]
    public void Derives_the_keys_of_rfc_3711_appendix_b3()
    {
        var kdf = Vectors.Load("srtp_rfc3711_appB.json").GetProperty("kdf");
        var rtcp = kdf.GetProperty("srtcp");
        using var keys = KeyDerivation.DeriveSessionKeys(
            SrtpProfile.Aes128CmHmacSha1_80, kdf.Bytes("master_key"), kdf.Bytes("master_salt"));
        Assert.That(keys.RtpKey.ToArray(), Is.EqualTo(kdf.Bytes("cipher_key")));
        Assert.That(keys.RtpSalt.ToArray(), Is.EqualTo(kdf.Bytes("cipher_salt")));
        Assert.That(keys.RtpAuthenticationKey.ToArray(), Is.EqualTo(kdf.Bytes("auth_key_94")[..20]));
        Assert.That(keys.RtcpKey.ToArray(), Is.EqualTo(rtcp.Bytes("cipher_key")));
        Assert.That(keys.RtcpSalt.ToArray(), Is.EqualTo(rtcp.Bytes("cipher_salt")));
        Assert.That(keys.RtcpAuthenticationKey.ToArray(), Is.EqualTo(rtcp.Bytes("auth_key_20")));
    }

    [Test]
    public void Derives_long_keys_with_aes_256_as_in_rfc_6188()
    {
        var vector = Vectors.Load("srtp_rfc6188.json");
        var (masterKey, masterSalt) = (vector.Bytes("master_key"), vector.Bytes("master_salt"));
        Assert.That(Derive(masterKey, masterSalt, KeyDerivationLabel.RtpEncryption, 32), Is.EqualTo(vector.Bytes("cipher_key")));
        Assert.That(Derive(masterKey, masterSalt, KeyDerivationLabel.RtpSalt, 14), Is.EqualTo(vector.Bytes("cipher_salt")));
        Assert.That(Derive(masterKey, masterSalt, KeyDerivationLabel.RtpAuthentication, 94), Is.EqualTo(vector.Bytes("auth_key_94")));
    }

    [Test]
    public void Disposed_session_keys_are_zero()
    {
        var keys = KeyDerivation.DeriveSessionKeys(SrtpProfile.AeadAes256Gcm, new byte[32], new byte[12]);
        Assert.That(keys.RtpKey.ToArray(), Has.Some.Not.EqualTo((byte)0));
        keys.Dispose();
        Assert.That(keys.RtpKey.ToArray(), Is.All.EqualTo((byte)0));
        Assert.That(keys.RtcpKey.ToArray(), Is.All.EqualTo((byte)0));
        Assert.That(keys.RtpSalt.ToArray(), Is.All.EqualTo((byte)0));
    }

    private static byte[] Derive(byte[] masterKey, byte[] masterSalt, KeyDerivationLabel label, int length)
    {
        var result = new byte[length];
        KeyDerivation.Derive(masterKey, masterSalt, label, result);
        return result;
    }
}
