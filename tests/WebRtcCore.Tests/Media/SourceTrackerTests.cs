using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Media;

/// <summary>Whose media has come in of late.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SourceTrackerTests
{
    private static readonly RtpHeaderExtensionMap Extensions = new([new(1, RtpHeaderExtensionUri.AudioLevel), new(2, RtpHeaderExtensionUri.CsrcAudioLevel)]);

    private readonly VirtualTimeProvider _time = new();
    private readonly SourceTracker _tracker = new();
    private MonotonicClock _clock = null!;

    [SetUp]
    public void Start() => _clock = new MonotonicClock(_time);

    [Test]
    public void The_level_of_the_last_packet_is_told_in_linear_units()
    {
        Add(1, 20, hasVoice: true);
        var source = _tracker.GetSynchronizationSources(_clock).Single();

        Assert.That(source.Source, Is.EqualTo(1));
        Assert.That(source.AudioLevel, Is.EqualTo(0.1).Within(1e-9));
        Assert.That(source.VoiceActivityFlag, Is.True);
        Assert.That(source.RtpTimestamp, Is.EqualTo(960));
        Assert.That(source.Timestamp, Is.EqualTo(_clock.ToWallClock(_clock.Now)));

        Add(1, 127, hasVoice: false);
        Assert.That(_tracker.GetSynchronizationSources(_clock).Single().AudioLevel, Is.Zero, "127 stands for silence");
    }

    [Test]
    public void A_packet_without_the_extension_has_no_level()
    {
        Add(1, null, hasVoice: false);

        Assert.That(_tracker.GetSynchronizationSources(_clock).Single().AudioLevel, Is.Null);
        Assert.That(_tracker.GetSynchronizationSources(_clock).Single().VoiceActivityFlag, Is.Null);
        Assert.That(_tracker.GetContributingSources(_clock), Is.Empty);
    }

    [Test]
    public void Contributors_are_told_with_their_levels()
    {
        Add(1, 20, hasVoice: true, (7, 40), (8, 127));
        var sources = _tracker.GetContributingSources(_clock);

        Assert.That(sources.Select(s => s.Source), Is.EquivalentTo((uint[])[7, 8]));
        Assert.That(sources.Single(s => s.Source == 7).AudioLevel, Is.EqualTo(0.01).Within(1e-9));
        Assert.That(sources.Single(s => s.Source == 8).AudioLevel, Is.Zero);
        Assert.That(_tracker.GetSynchronizationSources(_clock).Select(s => s.Source), Is.EqualTo((uint[])[1]));
    }

    [Test]
    public void The_latest_comes_first_and_after_10_seconds_a_source_is_forgotten()
    {
        Add(1, 20, hasVoice: true);
        _time.Advance(TimeSpan.FromSeconds(4));
        Add(2, 20, hasVoice: true);
        Assert.That(_tracker.GetSynchronizationSources(_clock).Select(s => s.Source), Is.EqualTo((uint[])[2, 1]));
        _time.Advance(TimeSpan.FromSeconds(6.5));
        Assert.That(_tracker.GetSynchronizationSources(_clock).Select(s => s.Source), Is.EqualTo((uint[])[2]));
    }

    [Test]
    public void Of_more_sources_than_are_kept_the_oldest_go()
    {
        for (uint ssrc = 1; ssrc <= SourceTracker.Capacity + 10; ssrc++)
        {
            Add(ssrc, 20, hasVoice: true);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var sources = _tracker.GetSynchronizationSources(_clock);
        Assert.That(sources, Has.Count.EqualTo(SourceTracker.Capacity));
        Assert.That(sources.Min(s => s.Source), Is.EqualTo(11));
    }

    private void Add(uint ssrc, byte? level, bool hasVoice, params (uint Source, byte Level)[] contributors)
    {
        var bytes = new byte[200];
        var writer = new RtpPacketWriter(bytes, new Ssrc(ssrc), new PayloadType(111), 1, 960);
        foreach (var (source, _) in contributors)
        {
            writer.TryAddCsrc(new Ssrc(source));
        }

        if (level is { } given)
        {
            var value = new byte[1];
            new AudioLevel(hasVoice, given).Write(value);
            writer.TryAddExtension(1, value);
        }

        if (contributors.Length > 0)
        {
            writer.TryAddExtension(2, contributors.Select(c => c.Level).ToArray());
        }

        writer.TryAddPayload([1, 2, 3]);
        Assert.That(RtpPacketView.TryParse(bytes.AsSpan(0, writer.Complete()), out var packet));
        _tracker.OnPacket(packet, Extensions, _clock.Now);
    }
}
