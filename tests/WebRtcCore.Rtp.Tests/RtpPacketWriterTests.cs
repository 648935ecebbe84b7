namespace WebRtcCore.Rtp.Tests;

public sealed class RtpPacketWriterTests
{
    [Test]
    public void Short_elements_take_the_one_byte_form()
    {
        Assert.That(Write((4, [0x30]), (3, [1, 2])), Is.EqualTo("BEDE0002" + "4030" + "310102" + "000000"));
    }

    [Test]
    public void An_element_that_needs_it_turns_the_extension_into_the_two_byte_form()
    {
        var expected = "10000003" + "040130" + "03020102" + "14010A" + "0000";
        Assert.That(Write((4, [0x30]), (3, [1, 2]), (20, [10])), Is.EqualTo(expected));
    }

    [Test]
    public void What_does_not_fit_changes_nothing()
    {
        var buffer = new byte[24];
        var writer = new RtpPacketWriter(buffer, new Ssrc(1), new PayloadType(0), 1, 1);
        Assert.That(writer.TryAddExtension(1, new byte[10]), Is.False);
        Assert.That(writer.TryAddExtension(1, new byte[4]), Is.True);
        Assert.That(writer.TryAddExtension(2, new byte[4]), Is.False);
        Assert.That(writer.TryAddPayload(new byte[1]), Is.False);
        Assert.That(writer.Complete(), Is.EqualTo(24));
        Assert.That(RtpPacketView.TryParse(buffer, out var view), Is.True);
        Assert.That(view.TryGetExtension(1, out var value), Is.True);
        Assert.That(value.Length, Is.EqualTo(4));
    }

    [Test]
    public void Parts_in_the_wrong_order_are_a_mistake_of_the_caller()
    {
        Assert.That(
            () =>
            {
                var writer = new RtpPacketWriter(new byte[100], new Ssrc(1), new PayloadType(0), 1, 1);
                writer.TryAddPayload([1]);
                writer.TryAddExtension(1, [1]);
            },
            Throws.InvalidOperationException);
        Assert.That(
            () =>
            {
                var writer = new RtpPacketWriter(new byte[100], new Ssrc(1), new PayloadType(0), 1, 1);
                writer.TryAddExtension(15, [1]);
            },
            Throws.ArgumentException);
        Assert.That(() => new RtpPacketWriter(new byte[11], new Ssrc(1), new PayloadType(0), 1, 1).Complete(), Throws.ArgumentException);
    }

    private static string Write(params (byte Id, byte[] Value)[] elements)
    {
        var buffer = new byte[200];
        var writer = new RtpPacketWriter(buffer, new Ssrc(1), new PayloadType(0), 1, 1);
        foreach (var (id, value) in elements)
        {
            Assert.That(writer.TryAddExtension(id, value), Is.True);
        }

        return Convert.ToHexString(buffer.AsSpan(12, writer.Complete() - 12));
    }
}
