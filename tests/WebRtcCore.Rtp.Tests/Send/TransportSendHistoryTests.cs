using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp.Tests.Send;

public sealed class TransportSendHistoryTests
{
    // security.md row 25.
    [Test]
    public void Packets_never_sent_forgotten_or_told_twice_do_not_count()
    {
        var history = new TransportSendHistory();
        Assert.That(history.TryMarkReceived(0, out _), Is.False);
        for (var i = 0; i < 10_000; i++)
        {
            history.Add((ushort)i, new SentPacket(100, Instant.Zero));
        }

        Assert.That(history.TryMarkReceived(10_000, out _), Is.False);
        Assert.That(history.TryMarkReceived(100, out _), Is.False);
        Assert.That(history.TryMarkLost(9_999, out _), Is.True);
        Assert.That(history.TryMarkLost(9_999, out _), Is.False);
        Assert.That(history.TryMarkReceived(9_999, out var packet), Is.True);
        Assert.That(packet.Length, Is.EqualTo(100));
        Assert.That(history.TryMarkReceived(9_999, out _), Is.False);
        Assert.That(history.TryMarkLost(9_999, out _), Is.False);
    }
}
