using SendMedia;

namespace WebRtcCore.Interop.Tests.Sample.Broadcasts;

/// <summary>Which layer a viewer gets.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LayerChoiceTests
{
    private readonly LayerChoice _choice = new([new(180, 100_000), new(360, 300_000), new(720, 900_000)]);

    [Test]
    public void Begins_with_the_smallest_and_goes_straight_to_what_the_target_carries()
    {
        Assert.That(_choice.Choose(null, Seconds(0)), Is.Zero);
        Assert.That(_choice.Choose(320_000, Seconds(1)), Is.Zero, "without room to spare");
        Assert.That(_choice.Choose(2_000_000, Seconds(2)), Is.EqualTo(2));
    }

    [Test]
    public void Goes_down_at_once_as_far_as_it_must()
    {
        _choice.Choose(2_000_000, Seconds(0));

        Assert.That(_choice.Choose(850_000, Seconds(1)), Is.EqualTo(2), "an encoder's rate varies by as much");
        Assert.That(_choice.Choose(290_000, Seconds(2)), Is.EqualTo(1));
        Assert.That(_choice.Choose(10_000, Seconds(3)), Is.Zero);
    }

    [Test]
    public void Goes_up_again_after_a_while_and_later_each_time_it_proves_wrong()
    {
        _choice.Choose(2_000_000, Seconds(0));
        _choice.Choose(290_000, Seconds(20));
        Assert.That(_choice.Choose(2_000_000, Seconds(21)), Is.EqualTo(1));
        Assert.That(_choice.Choose(2_000_000, Seconds(22)), Is.EqualTo(2));
        _choice.Choose(290_000, Seconds(25));
        Assert.That(_choice.Choose(2_000_000, Seconds(28)), Is.EqualTo(1));
        Assert.That(_choice.Choose(2_000_000, Seconds(29)), Is.EqualTo(2));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
