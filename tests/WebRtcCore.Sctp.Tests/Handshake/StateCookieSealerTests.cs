using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Handshake;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Handshake;

public class StateCookieSealerTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    [TestCase(59, true)]
    [TestCase(60, false)]
    public void Key_changes_after_the_lifetime_of_a_cookie(int seconds, bool isSame)
    {
        // The same cookie, told to have been made later: whether its seal is the same shows whether the key is.
        var one = new StateCookieSealer(new SeededRandomSource(1), Lifetime);
        var other = new StateCookieSealer(new SeededRandomSource(1), Lifetime);
        one.Seal(MadeAt(0));
        var late = one.Seal(MadeAt(seconds));
        Assert.That(late.SequenceEqual(other.Seal(MadeAt(seconds))), Is.EqualTo(isSame));
    }

    [Test]
    public void Cookie_is_known_for_its_lifetime_whenever_the_key_changes()
    {
        var sealer = new StateCookieSealer(new SeededRandomSource(1), Lifetime);
        var cookies = new List<(int Second, byte[] Sealed)>();
        for (var second = 0; second < 600; second += 7)
        {
            cookies.Add((second, sealer.Seal(MadeAt(second))));
            foreach (var (madeAt, cookie) in cookies)
            {
                var isKnown = sealer.TryOpen(cookie, out var opened);
                Assert.That(isKnown, Is.True.Or.EqualTo(second - madeAt <= 60), $"of {madeAt} s, {second} s");
                Assert.That(!isKnown || opened == MadeAt(madeAt));
            }
        }

        Assert.That(sealer.TryOpen(cookies[0].Sealed, out _), Is.False, "its key is of long ago");
    }

    private static StateCookie MadeAt(int seconds) => new()
    {
        LocalTag = 1,
        LocalInitialTsn = new Tsn(2),
        PeerTag = 3,
        PeerInitialTsn = new Tsn(4),
        PeerWindow = 5000,
        PeerOutgoingStreams = 6,
        PeerIncomingStreams = 7,
        CreatedAt = new Instant(0) + TimeSpan.FromSeconds(seconds),
    };
}
