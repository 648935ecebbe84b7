using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class ConnectivityTests
{
    [Test]
    public void Connects_in_one_round_trip_and_nominates_in_the_next()
    {
        var pair = new IcePair().Place().Signal();
        var start = pair.Now;
        Assert.That(pair.Drive(() => pair.BothConnected), Is.True);
        Assert.That(pair.Now - start, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(4)));
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        Assert.That(pair.Now - start, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(6)));
        Assert.That(pair.PathsMatch, Is.True);
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Completed && pair.B.Agent.State == IceAgentState.Completed), Is.True);
    }

    [TestCase(0.0)]
    [TestCase(0.05)]
    [TestCase(0.1)]
    [TestCase(0.2)]
    [TestCase(0.5)]
    public void Connects_and_nominates_under_loss(double loss)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var pair = new IcePair(seed, new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(20) }).Place().Signal();
            Assert.That(pair.Drive(() => pair.BothNominated, 30), Is.True, $"seed {seed}: {pair.A.Agent.State} {pair.B.Agent.State}");
            Assert.That(pair.PathsMatch, Is.True, $"seed {seed}");
        }
    }

    [Test]
    public void Prefers_ipv6_where_both_families_work()
    {
        TransportAddress[] a = [IcePair.AddressA, TransportAddress.Parse("2001:db8::1", 5000)];
        TransportAddress[] b = [IcePair.AddressB, TransportAddress.Parse("2001:db8::2", 5000)];
        var pair = new IcePair().Place(a, b).Signal();
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        Assert.That(pair.A.SelectedPath!.Value.Local, Is.EqualTo(a[1]));
        Assert.That(pair.PathsMatch, Is.True);
    }
}
