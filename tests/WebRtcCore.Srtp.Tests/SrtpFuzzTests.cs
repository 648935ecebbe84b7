using WebRtcCore.Testing;

namespace WebRtcCore.Srtp.Tests;

public sealed class SrtpFuzzTests
{
    // security.md rows 21 and 23.
    [Test]
    public void Random_and_damaged_packets_never_throw_and_leave_no_trace([Values] SrtpProfile profile)
    {
        var random = new SeededRandomSource(17);
        using var receiver = new SrtpContext(profile, new byte[profile.GetKeyLength()], new byte[profile.GetSaltLength()]);
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[random.Next(100)];
            random.Fill(packet);
            if (packet.Length > 1)
            {
                packet[0] = (byte)(0x80 | (packet[0] & 0x3F));
            }

            var result = random.Chance(0.5) ? receiver.UnprotectRtp(packet, out var length) : receiver.UnprotectRtcp(packet, out length);
            Assert.That(result, Is.EqualTo(SrtpResult.Malformed).Or.EqualTo(SrtpResult.AuthenticationFailed));
            Assert.That(length, Is.Zero);
        }

        Assert.That(receiver.StreamCount, Is.Zero);
    }
}
