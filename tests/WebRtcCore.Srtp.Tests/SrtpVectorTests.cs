using System.Text.Json;
using WebRtcCore.Primitives.Cryptography;
using WebRtcCore.Srtp.Ciphers;

namespace WebRtcCore.Srtp.Tests;

public sealed class SrtpVectorTests
{
    public static IEnumerable<TestCaseData> CounterModePackets()
    {
        foreach (var vector in Vectors.Load("srtp_aes_cm_packets.json").GetProperty("vectors").EnumerateArray())
        {
            yield return new TestCaseData(vector, (int)CipherChoice.Fastest).SetArgDisplayNames(vector.Text("name"), "fastest");
            yield return new TestCaseData(vector, (int)CipherChoice.Portable).SetArgDisplayNames(vector.Text("name"), "portable");
        }
    }

    public static IEnumerable<TestCaseData> GcmPackets() =>
        from vector in Vectors.Load("srtp_gcm_rfc7714.json").GetProperty("vectors").EnumerateArray()
        from choice in Enum.GetValues<CipherChoice>()
        where AesGcmPacketCipher.IsSupported(choice)
        select new TestCaseData(vector, (int)choice).SetArgDisplayNames(GcmProfile(vector).ToString(), choice.ToString());

    [TestCaseSource(nameof(CounterModePackets))]
    public void Counter_mode_packets_come_out_as_in_the_vectors(JsonElement vector, int choice)
    {
        var isRtcp = vector.TryGetProperty("srtcp", out _);
        var plain = vector.Bytes(isRtcp ? "rtcp" : "rtp");
        var expected = vector.Bytes(isRtcp ? "srtcp" : "srtp");
        var profile = vector.Text("name").Contains("SHA1_32", StringComparison.Ordinal)
            ? SrtpProfile.Aes128CmHmacSha1_32
            : SrtpProfile.Aes128CmHmacSha1_80;
        var rolloverCounter = isRtcp ? 0 : vector.GetProperty("roc").GetUInt32();
        using var sender = CreateCounterMode(profile, choice, rolloverCounter);
        using var receiver = CreateCounterMode(profile, choice, rolloverCounter);
        AssertTransforms(sender, receiver, plain, expected, isRtcp);
    }

    [TestCaseSource(nameof(GcmPackets))]
    public void Gcm_packets_come_out_as_in_rfc_7714(JsonElement vector, int choice)
    {
        using var sender = CreateGcm(vector, choice);
        using var receiver = CreateGcm(vector, choice);
        AssertTransforms(sender, receiver, vector.Bytes("decryptedRTPPacket"), vector.Bytes("encryptedRTPPacket"), isRtcp: false);
    }

    [TestCaseSource(nameof(GcmPackets))]
    public void Gcm_rtcp_packets_come_out_as_in_rfc_7714(JsonElement vector, int choice)
    {
        // The vector's index is far on: the transform is asked directly for it.
        var plain = vector.Bytes("decryptedRTCPPacket");
        var expected = vector.Bytes("encryptedRTCPPacket");
        var ssrc = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(4));
        using var transform = new AeadGcmTransform(GcmKeys(vector), (CipherChoice)choice);
        var packet = new byte[expected.Length];
        plain.CopyTo(packet, 0);
        transform.ProtectRtcp(packet, plain.Length, ssrc, vector.GetProperty("srtcp_index").GetUInt32());
        Assert.That(packet, Is.EqualTo(expected));

        using var receiver = CreateGcm(vector, choice);
        Assert.That(receiver.UnprotectRtcp(packet, out var length), Is.EqualTo(SrtpResult.Success));
        Assert.That(packet[..length], Is.EqualTo(plain));
    }

    [TestCaseSource(nameof(GcmPackets))]
    public void Authenticated_but_unencrypted_gcm_rtcp_is_read(JsonElement vector, int choice)
    {
        using var receiver = CreateGcm(vector, choice);
        var packet = vector.Bytes("authenticatedRTCPPacket");
        Assert.That(receiver.UnprotectRtcp(packet, out var length), Is.EqualTo(SrtpResult.Success));
        Assert.That(packet[..length], Is.EqualTo(vector.Bytes("decryptedRTCPPacket")));
    }

    private static void AssertTransforms(SrtpContext sender, SrtpContext receiver, byte[] plain, byte[] expected, bool isRtcp)
    {
        var packet = new byte[expected.Length];
        plain.CopyTo(packet, 0);
        var result = isRtcp ? sender.ProtectRtcp(packet, plain.Length, out var length) : sender.ProtectRtp(packet, plain.Length, out length);
        Assert.That(result, Is.EqualTo(SrtpResult.Success));
        Assert.That(length, Is.EqualTo(expected.Length));
        Assert.That(packet, Is.EqualTo(expected));

        result = isRtcp ? receiver.UnprotectRtcp(packet, out length) : receiver.UnprotectRtp(packet, out length);
        Assert.That(result, Is.EqualTo(SrtpResult.Success));
        Assert.That(packet[..length], Is.EqualTo(plain));
    }

    private static SrtpContext CreateCounterMode(SrtpProfile profile, int choice, uint rolloverCounter)
    {
        var file = Vectors.Load("srtp_aes_cm_packets.json");
        var keys = KeyDerivation.DeriveSessionKeys(profile, file.Bytes("master_key"), file.Bytes("master_salt"));
        return new SrtpContext(profile, keys, (CipherChoice)choice, rolloverCounter);
    }

    private static SrtpContext CreateGcm(JsonElement vector, int choice) =>
        new(GcmProfile(vector), GcmKeys(vector), (CipherChoice)choice, vector.GetProperty("roc").GetUInt32());

    private static SrtpProfile GcmProfile(JsonElement vector) =>
        vector.Bytes("srtpSessionKey").Length == 32 ? SrtpProfile.AeadAes256Gcm : SrtpProfile.AeadAes128Gcm;

    private static SrtpSessionKeys GcmKeys(JsonElement vector)
    {
        var keys = new SrtpSessionKeys(GcmProfile(vector));
        vector.Bytes("srtpSessionKey").CopyTo(keys.RtpKey);
        vector.Bytes("srtpSessionSalt").CopyTo(keys.RtpSalt);
        vector.Bytes("srtpSessionKey").CopyTo(keys.RtcpKey);
        vector.Bytes("srtpSessionSalt").CopyTo(keys.RtcpSalt);
        return keys;
    }
}
