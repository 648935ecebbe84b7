using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Tests.Transport.Sharing;

public class RemoteAddressTableTests
{
    private static readonly TransportAddress Remote = TransportAddress.Parse("192.0.2.1", 1000);

    private readonly VirtualTimeProvider _time = new();
    private readonly object _first = new();
    private readonly object _second = new();

    private RemoteAddressTable<object> _table = null!;

    [SetUp]
    public void SetUp() => _table = new RemoteAddressTable<object>(_time);

    [Test]
    public void A_free_address_goes_to_whoever_is_heard_there_first()
    {
        Assert.That(_table.TryClaim(Remote, _first, isProved: false));
        Assert.That(_table.Find(Remote), Is.SameAs(_first));
        Assert.That(_table.Find(Remote.WithPort(1001)), Is.Null);
    }

    [Test]
    public void A_forged_source_does_not_take_an_address_from_its_owner()
    {
        _table.TryClaim(Remote, _first, isProved: true);
        Assert.That(_table.TryClaim(Remote, _second, isProved: false), Is.False);
        Assert.That(_table.Find(Remote), Is.SameAs(_first));
    }

    [Test]
    public void An_address_moves_to_whose_peer_has_answered_there()
    {
        _table.TryClaim(Remote, _first, isProved: true);
        Assert.That(_table.TryClaim(Remote, _second, isProved: true));
        Assert.That(_table.Find(Remote), Is.SameAs(_second));
    }

    [Test]
    public void An_address_moves_once_its_owner_was_not_heard_for_a_while()
    {
        _table.TryClaim(Remote, _first, isProved: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        _table.TryClaim(Remote, _first, isProved: false);
        _time.Advance(RemoteAddressTable<object>.SilenceLimit - TimeSpan.FromSeconds(1));
        Assert.That(_table.TryClaim(Remote, _second, isProved: false), Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_table.TryClaim(Remote, _second, isProved: false));
    }

    [Test]
    public void Only_the_owner_gives_an_address_up()
    {
        _table.TryClaim(Remote, _first, isProved: true);
        _table.Release(Remote, _second);
        Assert.That(_table.Find(Remote), Is.SameAs(_first));
        _table.Release(Remote, _first);
        Assert.That(_table.Find(Remote), Is.Null);
        Assert.That(_table.Count, Is.Zero);
    }
}
