namespace WebRtcCore.Primitives.Tests;

public class PooledBufferTests
{
    [Test]
    public void Holds_a_copy_until_it_is_disposed()
    {
        byte[] bytes = [1, 2, 3];
        var buffer = PooledBuffer.CopyOf(bytes);
        bytes[0] = 9;
        Assert.That(buffer.Span.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        buffer.Dispose();
        Assert.That(() => buffer.Span.Length, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => buffer.Memory, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(buffer.Dispose, Throws.Nothing);
    }

    [Test]
    public void Has_exactly_the_length_asked_for()
    {
        using var buffer = PooledBuffer.Rent(1000);
        Assert.That(buffer.Memory.Length, Is.EqualTo(1000));
        buffer.Truncate(10);
        Assert.That(buffer.Span.Length, Is.EqualTo(10));
        Assert.That(() => buffer.Truncate(11), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => buffer.Truncate(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void May_be_empty()
    {
        using var buffer = PooledBuffer.CopyOf([]);
        Assert.That(buffer.Length, Is.Zero);
    }
}
