namespace WebRtcCore.Fuzz.Tests;

public class FuzzRunnerTests
{
    [Test]
    public void Reports_the_input_that_failed()
    {
        var failure = new FuzzRunner(new FragileTarget(), 1).Run(100_000, TimeSpan.FromSeconds(60));
        Assert.That(failure, Is.Not.Null);
        Assert.That(failure!.Exception, Is.InstanceOf<FuzzViolationException>());
        Assert.That(failure.Input, Does.Contain((byte)0x42));
    }

    [Test]
    public void Every_target_has_a_name_of_its_own() =>
        Assert.That(FuzzTargets.All.Select(target => target.Name), Is.Unique);

    private sealed class FragileTarget : FuzzTarget
    {
        public override string Name => "fragile";

        public override IEnumerable<byte[]> Seeds() => [[1, 2, 3]];

        public override void Run(ReadOnlySpan<byte> input) => Require(!input.Contains((byte)0x42), "No 0x42.");
    }
}
