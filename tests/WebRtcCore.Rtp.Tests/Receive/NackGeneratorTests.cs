using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Receive;

namespace WebRtcCore.Rtp.Tests.Receive;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NackGeneratorTests
{
    private static readonly TimeSpan RoundTripTime = TimeSpan.FromMilliseconds(100);
    private readonly NackGenerator _nacks = new();
    private readonly ushort[] _numbers = new ushort[64];
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(1);

    [Test]
    public void A_gap_is_asked_for_shortly_after_it_shows()
    {
        Add(10, 14);
        Assert.That(Take(), Is.Empty);
        _now = _nacks.Due!.Value;
        Assert.That(Take(), Is.EqualTo(new ushort[] { 11, 12, 13 }));
        Assert.That(Take(), Is.Empty);
    }

    [Test]
    public void Packets_that_overtook_one_another_are_not_asked_for()
    {
        Add(10, 12, 11);
        Assert.That(_nacks.Due, Is.Null);
        _now += TimeSpan.FromSeconds(1);
        Assert.That(Take(), Is.Empty);
    }

    [Test]
    public void An_unanswered_packet_is_asked_for_once_per_round_trip_and_then_given_up()
    {
        Add(10, 12);
        var start = _now;
        var times = new List<TimeSpan>();
        while (_nacks.Due is { } due)
        {
            _now = due;
            if (Take().Length > 0)
            {
                times.Add(_now - start);
            }
        }

        Assert.That(times, Has.Count.EqualTo(10));
        Assert.That(times.Zip(times.Skip(1), (a, b) => b - a), Is.All.EqualTo(RoundTripTime * 1.25));
        Assert.That(_nacks.MissingCount, Is.Zero);
    }

    [Test]
    public void A_packet_that_nobody_wants_any_more_is_no_longer_asked_for()
    {
        Add(10, 14, 16);
        _nacks.Forget(13);
        _now = _nacks.Due!.Value;
        Assert.That(Take(), Is.EqualTo(new ushort[] { 13, 15 }));
        _nacks.Forget(16);
        Assert.That((_nacks.MissingCount, _nacks.Due), Is.EqualTo((0, (Instant?)null)));
    }

    [Test]
    public void Numbers_that_were_no_media_are_no_longer_asked_for()
    {
        Add(10, 14, 18);
        _nacks.Forget(13, 17);
        _now = _nacks.Due!.Value;
        Assert.That(Take(), Is.EqualTo(new ushort[] { 11, 12, 17 }));
    }

    [Test]
    public void A_packet_that_came_is_no_longer_asked_for()
    {
        Add(10, 14);
        _now = _nacks.Due!.Value;
        Take();
        Add(12);
        _now = _nacks.Due!.Value;
        Assert.That(Take(), Is.EqualTo(new ushort[] { 11, 13 }));
    }

    [Test]
    public void Old_losses_are_given_up()
    {
        Add(10, 12);
        _now += TimeSpan.FromSeconds(3);
        Assert.That(Take(), Is.Empty);
        Assert.That(_nacks.Due, Is.Null);
    }

    // security.md row 25.
    [Test]
    public void More_losses_than_are_kept_track_of_are_given_up_for_a_key_frame()
    {
        Add(10, 1_000_000);
        Assert.That(_nacks.TakeOverflow(), Is.True);
        Assert.That(_nacks.TakeOverflow(), Is.False);
        Assert.That(_nacks.MissingCount, Is.Zero);
        Add(1_000_002);
        Assert.That(_nacks.MissingCount, Is.EqualTo(1));
    }

    [Test]
    public void What_does_not_fit_in_one_packet_stays_due()
    {
        Add(100, 201);
        _now = _nacks.Due!.Value;
        Assert.That(Take(), Has.Length.EqualTo(64));
        Assert.That(_nacks.Due, Is.LessThanOrEqualTo(_now));
        Assert.That(Take(), Has.Length.EqualTo(36));
        Assert.That(_nacks.Due, Is.GreaterThan(_now));
    }

    private void Add(params long[] numbers)
    {
        foreach (var number in numbers)
        {
            _nacks.OnPacket(number, _now);
        }
    }

    private ushort[] Take() => _numbers[.._nacks.TakeDue(_now, RoundTripTime, _numbers)];
}
