using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Testing;

public class AllocationsTests
{
    private object? _kept;

    [Test]
    public void Sees_an_allocation_and_its_absence()
    {
        Assert.That(Allocations.Measure(() => _kept = new byte[100]), Is.InRange(100, 160));
        Assert.That(Allocations.Measure(() => _kept = null), Is.Zero);
        Assert.That(_kept, Is.Null);
    }
}
