using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Media.Opus;
using WebRtcCore.Rtp;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>How loud a packet is stands in its header (RFC 6464, 6465): browsers read what is written here, and what they write is read here.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class AudioLevelTests(BrowserKind kind)
{
    private static readonly PeerConnectionOptions WithOpus = PeerConnectionOptions.Default with { AudioCodecs = [new OpusCodec(), .. PeerConnectionOptions.Default.AudioCodecs] };

    [Test]
    public async Task The_browser_reads_the_level_of_the_tone_that_is_written()
    {
        await using var voice = new Voice(880);
        await using var call = await Call.OpenAsync(kind, WithOpus);
        call.DotNet.Connection.AddTrack(voice.Track);
        await call.ConnectAsync(Offerer.DotNet);

        // A tone of amplitude 10,000 is at -13.3 dBov; what is written is whole decibels.
        await call.Browser.RunAsync("peer.levelIs(-13.3, 0.6)");
    }

    [TestCase(Offerer.Browser)]
    [TestCase(Offerer.DotNet)]
    public async Task The_level_that_the_browser_writes_is_read(Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind, WithOpus);
        await call.ConnectWithMediaAsync(offerer, BrowserPeer.Audio);
        var receiver = call.DotNet.Connection.GetReceivers().Single();
        RtpSynchronizationSource? heard = null;
        await call.DotNet.UntilAsync(
            () => (heard = receiver.GetSynchronizationSources().SingleOrDefault()) is { AudioLevel: > 0.01, VoiceActivityFlag: not null }, "a level of the browser's fake microphone");
        var source = heard!;
        var inbound = await call.DotNet.StatsAsync<InboundRtpStreamStats>();

        Assert.That(source.Source, Is.EqualTo(inbound.Ssrc));
        Assert.That(source.AudioLevel, Is.LessThanOrEqualTo(1));
        Assert.That(receiver.GetContributingSources(), Is.Empty);
    }

    [Test]
    public async Task The_browser_lists_those_who_are_mixed_into_what_it_hears()
    {
        await using var voice = new Voice(880);
        await using var call = await Call.OpenAsync(kind, WithOpus);
        var sender = call.DotNet.Connection.AddTrack(voice.Track);
        sender.Transform = frame => frame with { ContributingSources = [new(new Ssrc(1111), 20), new(new Ssrc(2222), 40)] };
        await call.ConnectAsync(Offerer.DotNet);
        double[][] sources = await call.Browser.Page.EvaluateAsync<double[][]>("() => peer.contributors(2)");
        TestContext.Out.WriteLine(string.Join("; ", sources.Select(s => $"{s[0]} at {s[1]:0.000}")));

        Assert.That(sources.Select(s => s[0]), Is.EquivalentTo((double[])[1111, 2222]));
    }
}
