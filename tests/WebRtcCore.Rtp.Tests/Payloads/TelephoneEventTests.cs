using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Payloads;

public sealed class TelephoneEventTests
{
    // RFC 4733 2.5.1, by hand: key 1, end, 7 dB below, 800 ticks.
    private static readonly byte[] Example = [0x01, 0x87, 0x03, 0x20];

    [Test]
    public void Reads_and_writes_what_the_RFC_draws()
    {
        Assert.That(TelephoneEvent.TryParse(Example, out var parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(new TelephoneEvent(1, true, 7, 800)));
        var written = new byte[TelephoneEvent.EncodedLength];
        var writer = new SpanWriter(written);
        parsed.Write(ref writer);
        Assert.That(written, Is.EqualTo(Example));
    }

    [Test]
    public void Every_prefix_is_refused() =>
        Assert.That(Enumerable.Range(0, Example.Length).Select(length => TelephoneEvent.TryParse(Example.AsSpan(0, length), out _)), Is.All.False);

    [TestCase('0', 0)]
    [TestCase('9', 9)]
    [TestCase('*', 10)]
    [TestCase('#', 11)]
    [TestCase('a', 12)]
    [TestCase('D', 15)]
    public void Keys_have_their_numbers(char key, int number)
    {
        Assert.That(TelephoneEvent.TryGetEvent(key, out var value), Is.True);
        Assert.That(((int)value, new TelephoneEvent(value, false, 0, 0).Key), Is.EqualTo((number, (char?)char.ToUpperInvariant(key))));
    }

    [Test]
    public void Other_events_are_no_keys()
    {
        Assert.That(TelephoneEvent.TryGetEvent('e', out _), Is.False);
        Assert.That(new TelephoneEvent(16, false, 0, 0).Key, Is.Null);
    }
}
