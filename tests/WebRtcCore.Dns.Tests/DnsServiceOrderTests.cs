using WebRtcCore.Testing;

namespace WebRtcCore.Dns.Tests;

[TestFixture]
public class DnsServiceOrderTests
{
    private readonly SeededRandomSource _random = new(3);

    [Test]
    public void The_lowest_priority_comes_first()
    {
        var arranged = DnsServiceOrder.Arrange([new(20, 9, 1, "c"), new(10, 0, 1, "a"), new(20, 0, 1, "d"), new(15, 0, 1, "b")], _random);
        Assert.That(arranged.Take(2).Select(s => s.Target), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(arranged.Skip(2).Select(s => s.Target), Is.EquivalentTo(new[] { "c", "d" }));
    }

    [Test]
    public void Of_one_priority_each_is_first_as_often_as_its_weight_says()
    {
        var first = Enumerable.Range(0, 10_000)
            .Select(_ => DnsServiceOrder.Arrange([new(1, 30, 1, "small"), new(1, 60, 1, "large"), new(1, 10, 1, "tiny")], _random)[0].Target)
            .CountBy(target => target).ToDictionary();
        Assert.That(first["large"], Is.InRange(5_700, 6_300));
        Assert.That(first["small"], Is.InRange(2_750, 3_250));
        Assert.That(first["tiny"], Is.InRange(850, 1_200));
    }

    [Test]
    public void Every_place_is_tried_once()
    {
        DnsService[] services = [.. Enumerable.Range(0, 20).Select(i => new DnsService((ushort)(i % 3), (ushort)(i % 5), 1, $"host{i}"))];
        Assert.That(DnsServiceOrder.Arrange(services, _random), Is.EquivalentTo(services));
    }

    [Test]
    public void A_service_that_is_decidedly_not_there_has_no_place() =>
        Assert.That(DnsServiceOrder.Arrange([new(0, 0, 0, "")], _random), Is.Empty);
}
