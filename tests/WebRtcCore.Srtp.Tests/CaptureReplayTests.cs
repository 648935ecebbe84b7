using System.Security.Cryptography;
using WebRtcCore.Rtp;
using WebRtcCore.Testing;

namespace WebRtcCore.Srtp.Tests;

/// <summary>A recorded call between Chromium and Firefox, decrypted with the keys of its key log.</summary>
public sealed class CaptureReplayTests
{
    private const string Capture = "corpus/rtp/enc12-avd-chromium-firefox";
    private const int RandomLength = 32;

    // The ServerHello of the call selects AES_CM_128_HMAC_SHA1_80.
    private const SrtpProfile Profile = SrtpProfile.Aes128CmHmacSha1_80;

    [Test]
    public void Every_packet_of_a_browser_call_decrypts_to_what_libsrtp_gave()
    {
        var packets = PcapReader.Read(TestData.Path($"{Capture}.pcap"));
        var expected = PcapReader.Read(TestData.Path($"{Capture}.rtp.pcap"));
        var (clientRandom, masterSecret) = ReadKeyLog();
        var serverHello = packets.First(p => IsHandshake(p.Payload, type: 2));
        var serverRandom = serverHello.Payload.AsSpan(27, RandomLength).ToArray();
        var keys = Prf(masterSecret, "EXTRACTOR-dtls_srtp", [.. clientRandom, .. serverRandom], 60);
        using var client = new SrtpContext(Profile, keys.AsSpan(0, 16), keys.AsSpan(32, 14));
        using var server = new SrtpContext(Profile, keys.AsSpan(16, 16), keys.AsSpan(46, 14));

        var decrypted = new List<byte[]>();
        foreach (var packet in packets.Where(p => p.Payload.Length > 0 && p.Payload[0] is >= 128 and <= 191))
        {
            var context = packet.Source.Port == serverHello.Source.Port ? server : client;
            var buffer = packet.Payload.ToArray();
            var result = RtpPacketView.IsRtcp(buffer) ? context.UnprotectRtcp(buffer, out var length) : context.UnprotectRtp(buffer, out length);
            Assert.That(result, Is.EqualTo(SrtpResult.Success), $"packet at {packet.Time}");
            decrypted.Add(buffer[..length]);
        }

        Assert.That(decrypted, Has.Count.EqualTo(expected.Count).And.Count.GreaterThan(900));
        for (var i = 0; i < decrypted.Count; i++)
        {
            Assert.That(decrypted[i].AsSpan().SequenceEqual(expected[i].Payload), Is.True, $"packet {i}");
        }
    }

    [Test]
    public void Decrypted_packets_protect_to_the_recorded_bytes()
    {
        var packets = PcapReader.Read(TestData.Path($"{Capture}.pcap"));
        var (clientRandom, masterSecret) = ReadKeyLog();
        var serverHello = packets.First(p => IsHandshake(p.Payload, type: 2));
        var keys = Prf(masterSecret, "EXTRACTOR-dtls_srtp", [.. clientRandom, .. serverHello.Payload.AsSpan(27, RandomLength)], 60);
        using var receiver = new SrtpContext(Profile, keys.AsSpan(16, 16), keys.AsSpan(46, 14));
        using var sender = new SrtpContext(Profile, keys.AsSpan(16, 16), keys.AsSpan(46, 14));
        foreach (var packet in packets.Where(p => p.Source.Port == serverHello.Source.Port && p.Payload.Length > 0 && p.Payload[0] is >= 128 and <= 191))
        {
            if (RtpPacketView.IsRtcp(packet.Payload))
            {
                continue;
            }

            var buffer = packet.Payload.ToArray();
            Assert.That(receiver.UnprotectRtp(buffer, out var length), Is.EqualTo(SrtpResult.Success));
            Assert.That(sender.ProtectRtp(buffer, length, out _), Is.EqualTo(SrtpResult.Success));
            Assert.That(buffer, Is.EqualTo(packet.Payload));
        }
    }

    private static bool IsHandshake(byte[] payload, byte type) => payload.Length > 60 && payload[0] == 22 && payload[13] == type;

    private static (byte[] ClientRandom, byte[] MasterSecret) ReadKeyLog()
    {
        var line = TestData.ReadText($"{Capture}.keys.txt").Split('\n').Single(l => l.StartsWith("CLIENT_RANDOM", StringComparison.Ordinal));
        var parts = line.Trim().Split(' ');
        return (Convert.FromHexString(parts[1]), Convert.FromHexString(parts[2]));
    }

    // RFC 5246 5: P_SHA256.
    private static byte[] Prf(byte[] secret, string label, byte[] seed, int length)
    {
        byte[] labelled = [.. System.Text.Encoding.ASCII.GetBytes(label), .. seed];
        var result = new List<byte>();
        var a = labelled;
        while (result.Count < length)
        {
            a = HMACSHA256.HashData(secret, a);
            result.AddRange(HMACSHA256.HashData(secret, (byte[])[.. a, .. labelled]));
        }

        return [.. result.Take(length)];
    }
}
