using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Handshake;

namespace WebRtcCore.Dtls.Tests.Handshake;

public class Dtls12KeyScheduleTests
{
    private static readonly CipherSuiteInfo Suite = CipherSuiteInfo.Find(DtlsCipherSuite.EcdheEcdsaAes128GcmSha256)!;

    [Test]
    public void The_premaster_secret_is_zeroed_once_used()
    {
        byte[] premaster = [.. Enumerable.Repeat((byte)7, 32)];
        using var keys = Dtls12KeySchedule.Create(Suite, premaster, new byte[32], new byte[32], new byte[32]);
        Assert.That(premaster, Is.All.Zero);
    }

    [Test]
    public void The_master_secret_is_zeroed_on_disposal()
    {
        byte[] master = [.. Enumerable.Repeat((byte)7, 48)];
        var keys = new Dtls12KeySchedule(Suite, master, new byte[32], new byte[32]);
        keys.Dispose();
        Assert.That(master, Is.All.Zero);
    }

    [Test]
    public void The_two_sides_say_different_things_when_finished()
    {
        using var keys = new Dtls12KeySchedule(Suite, new byte[48], new byte[32], new byte[32]);
        Assert.That(keys.FinishedData(DtlsRole.Client, new byte[32]), Is.Not.EqualTo(keys.FinishedData(DtlsRole.Server, new byte[32])));
    }

    [Test]
    public void The_session_hash_decides_the_keys()
    {
        using var one = Dtls12KeySchedule.Create(Suite, new byte[32], new byte[32], new byte[32], new byte[32]);
        using var other = Dtls12KeySchedule.Create(Suite, new byte[32], [.. new byte[31], 1], new byte[32], new byte[32]);
        Assert.That(one.KeyLogLine, Is.Not.EqualTo(other.KeyLogLine));
    }
}
