namespace WebRtcCore.Tests.Data;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DataChannelIdsTests
{
    private readonly DataChannelIds _ids = new();

    [TestCase(true, new[] { 0, 2, 6 })]
    [TestCase(false, new[] { 1, 5, 7 })]
    public void The_dtls_client_takes_even_ids_the_server_odd_ones_and_both_pass_what_is_in_use(bool isClient, int[] expected)
    {
        _ids.TryTake(3, this);
        _ids.TryTake(4, this);
        Assert.That(new[] { Take(isClient), Take(isClient), Take(isClient) }, Is.EqualTo(expected));
    }

    [Test]
    public void The_lowest_id_that_is_free_again_is_taken_next()
    {
        var owners = Enumerable.Range(0, 4).Select(_ => new object()).ToArray();
        foreach (var owner in owners)
        {
            _ids.TryTakeFree(true, 65_535, owner, out _);
        }

        _ids.Release(4, owners[2]);
        _ids.Release(2, owners[1]);
        Assert.That(new[] { Take(true), Take(true), Take(true) }, Is.EqualTo(new[] { 2, 4, 8 }));
    }

    [Test]
    public void An_id_that_the_peer_uses_again_stays_its()
    {
        var (old, current) = (new object(), new object());
        _ids.Give(5, old);
        _ids.Give(5, current);
        _ids.Release(5, old);
        Assert.That(_ids.TryTake(5, this), Is.False);
        _ids.Release(5, current);
        Assert.That(_ids.TryTake(5, this), Is.True);
    }

    [Test]
    public void There_are_32768_ids_for_the_client_and_one_less_for_the_server()
    {
        Assert.That(Enumerable.Range(0, 40_000).TakeWhile(_ => _ids.TryTakeFree(true, 65_535, this, out var _)).Count(), Is.EqualTo(32_768));
        Assert.That(Enumerable.Range(0, 40_000).TakeWhile(_ => _ids.TryTakeFree(false, 65_535, this, out var _)).Count(), Is.EqualTo(32_767));
    }

    [Test]
    public void No_id_beyond_the_streams_of_the_association_is_chosen()
    {
        Assert.That(Enumerable.Range(0, 100).TakeWhile(_ => _ids.TryTakeFree(true, 10, this, out var _)).Count(), Is.EqualTo(5));
    }

    private int Take(bool isClient) => _ids.TryTakeFree(isClient, 65_535, new object(), out var id) ? id : -1;
}
