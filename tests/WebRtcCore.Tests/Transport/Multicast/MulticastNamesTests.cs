using WebRtcCore.Primitives;
using WebRtcCore.Transport.Multicast;

namespace WebRtcCore.Tests.Transport.Multicast;

/// <summary>Real sockets, on the loopback interface only.</summary>
public class MulticastNamesTests
{
    private static readonly TransportAddress Loopback = TransportAddress.Parse("127.0.0.1", 40_000);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_name_that_one_process_gives_another_finds()
    {
        using var owner = new MulticastNames(TimeProvider.System, SystemRandomSource.Instance);
        using var asker = new MulticastNames(TimeProvider.System, SystemRandomSource.Instance);
        var name = owner.Publish(Loopback);
        Assert.That(name, Does.EndWith(".local"));
        Assert.That(owner.Publish(Loopback), Is.Not.EqualTo(name));
        var address = await asker.ResolveAsync(name!, [Loopback], CancellationToken.None).WaitAsync(Limit);
        Assert.That(address, Is.EqualTo(Loopback.WithPort(0)));
        Assert.That(asker.IsOpen, Is.False, "sockets are open while they are needed");
    }

    [Test]
    public async Task One_who_gives_names_finds_its_own()
    {
        using var names = new MulticastNames(TimeProvider.System, SystemRandomSource.Instance);
        var name = names.Publish(Loopback)!;
        var found = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => names.ResolveAsync(name, [Loopback], CancellationToken.None))).WaitAsync(Limit);
        Assert.That(found, Is.All.EqualTo(Loopback.WithPort(0)));
        names.Withdraw(name);
        Assert.That(names.IsOpen, Is.False);
    }

    [Test]
    public async Task A_search_that_is_not_wanted_any_more_leaves_nothing_behind()
    {
        using var names = new MulticastNames(TimeProvider.System, SystemRandomSource.Instance);
        using var cancellation = new CancellationTokenSource();
        var search = names.ResolveAsync("nobody.local", [Loopback], cancellation.Token);
        Assert.That(names.IsOpen, Is.True);
        await cancellation.CancelAsync();
        Assert.That(async () => await search, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(names.IsOpen, Is.False);
    }

    [Test]
    public async Task Without_an_interface_nothing_is_asked()
    {
        using var names = new MulticastNames(TimeProvider.System, SystemRandomSource.Instance);
        Assert.That((await names.ResolveAsync("nobody.local", [TransportAddress.Parse("203.0.113.77", 0)], CancellationToken.None)).IsNone);
        Assert.That(names.Publish(TransportAddress.Parse("203.0.113.77", 0)), Is.Null);
        Assert.That(names.IsOpen, Is.False);
    }
}
