using System.Collections.Concurrent;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Media;
using WebRtcCore.Media.Opus;
using WebRtcCore.Testing;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Sound that is encoded here is heard in the browser, and what the browser's fake microphone hears arrives here as PCM.</summary>
/// <remarks>Firefox runs no Web Audio without a sound card: there, the level of what it decodes has to do.</remarks>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class SoundTests(BrowserKind kind)
{
    private const int ListenedSeconds = 6;

    private static readonly PeerConnectionOptions WithOpus = PeerConnectionOptions.Default with { AudioCodecs = [new OpusCodec(), .. PeerConnectionOptions.Default.AudioCodecs] };

    [TestCase("audio/opus")]
    [TestCase("audio/PCMU")]
    [TestCase("audio/PCMA")]
    public async Task The_browser_hears_the_tone_that_is_written(string mimeType)
    {
        await using var voice = new Voice(880);
        await using var call = await Call.OpenAsync(kind, WithOpus);
        var sender = call.DotNet.Connection.AddTrack(voice.Track);
        call.DotNet.Connection.GetTransceivers()[0].SetCodecPreferences([.. RtpSender.GetCapabilities(MediaKind.Audio).Codecs.Where(codec => codec.MimeType == mimeType)]);
        await call.ConnectAsync(Offerer.DotNet);
        await HearsToneAsync(call.Browser);

        Assert.That(sender.GetParameters().Codecs[0].MimeType, Is.EqualTo(mimeType).IgnoreCase);
    }

    [Test]
    public async Task The_browser_hears_the_tone_through_loss_and_jitter()
    {
        using var relay = NewRelay(out var jitter);
        await using var voice = new Voice(880);
        await using var call = await Call.OpenAsync(kind, WithOpus, relay: relay);
        call.DotNet.Connection.AddTrack(voice.Track);
        await call.ConnectAsync(Offerer.DotNet);
        await HearsToneAsync(call.Browser);
        await Measurement.RepeatAsync(async () =>
        {
            if (kind == BrowserKind.Firefox)
            {
                await call.Browser.GrowsAsync("inbound-rtp", "audio", "jitterBufferEmittedCount", 5 * 48_000);
                await HearsToneAsync(call.Browser);
                return [];
            }

            // A twentieth is lost and concealed, of which most is not heard; half a second without the tone is the machine's.
            double share = await call.Browser.Page.EvaluateAsync<double>("() => peer.hearsSteadily(880, 6)");
            TestContext.Out.WriteLine($"heard {share:P0} of the time");
            return share > 0.85 ? [] : [$"heard {share:P0} of the time"];
        });
        await jitter.DisposeAsync();
        Assert.That(relay.ToBrowser.Lost, Is.GreaterThanOrEqualTo(10), "of 250 packets, one in 20");
    }

    [Test]
    public async Task The_browsers_microphone_arrives_as_sound([Values(false, true)] bool isLossy)
    {
        var relay = isLossy ? NewRelay(out var jitter) : NoRelay(out jitter);
        using (relay)
        {
            await using var call = await Call.OpenAsync(kind, WithOpus, relay: relay);
            await call.ConnectWithMediaAsync(Offerer.Browser, BrowserPeer.Audio);
            var receiver = call.DotNet.Connection.GetReceivers().Single();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
            await using var frames = receiver.ReadAudioAsync(AudioFormat.Mono48Khz, patience.Token).GetAsyncEnumerator();
            await frames.MoveNextAsync();
            var before = await call.DotNet.StatsAsync<InboundRtpStreamStats>();
            await Measurement.RepeatAsync(async () =>
            {
                short[] heard = await ListenAsync(frames);
                var stats = await call.DotNet.StatsAsync<InboundRtpStreamStats>();
                double concealed = (double)((stats.ConcealedSamples ?? 0) - (before.ConcealedSamples ?? 0)) / ((stats.TotalSamplesReceived ?? 0) - (before.TotalSamplesReceived ?? 0))!;
                before = stats;
                TestContext.Out.WriteLine(
                    $"delay {(stats.JitterBufferDelay / stats.JitterBufferEmittedCount!.Value)!.Value.TotalMilliseconds:0} ms, concealed {concealed:P1}, {stats.ConcealmentEvents} times so far, lost {stats.PacketsLost}, level {stats.AudioLevel:0.000}");

                // A twentieth is lost at most; as much again is for what jitter and the machine make late.
                return [.. concealed < 0.12 ? (string[])[] : [$"concealed {concealed:P1}"], .. FindWrong(heard)];
            });
            await jitter.DisposeAsync();
        }
    }

    private static async Task<short[]> ListenAsync(IAsyncEnumerator<AudioFrame> frames)
    {
        var heard = new List<short>();
        while (heard.Count < ListenedSeconds * 48_000)
        {
            Assert.That(await frames.MoveNextAsync(), Is.True, "the track goes on");
            heard.AddRange(frames.Current.Samples.Span);
        }

        return [.. heard];
    }

    // Chromium's fake microphone hears a beep each second or oftener, that of Firefox a steady tone.
    private IReadOnlyList<string> FindWrong(short[] heard)
    {
        if (kind == BrowserKind.Chromium)
        {
            int beeps = CountBeeps(heard);
            return beeps >= ListenedSeconds - 2 ? [] : [$"{beeps} beeps"];
        }

        var seconds = heard.Chunk(48_000).Where(second => second.Length == 48_000).ToArray();
        double share = seconds.Max(second => new[] { 440, 1000 }.Max(hz => Tone.GetShare(second, 48_000, hz)));
        double level = seconds.Max(second => Tone.GetLevel(second));
        return share > 0.5 && level > 100 ? [] : [$"a share of {share:P0} is tone, level {level}"];
    }

    [Test]
    public async Task The_browsers_keys_arrive_and_ours_leave()
    {
        await using var voice = new Voice(880);
        await using var call = await Call.OpenAsync(kind, WithOpus);
        var keys = new ConcurrentQueue<char>();
        var sender = call.DotNet.Connection.AddTrack(voice.Track);
        call.DotNet.Connection.GetReceivers()[0].ToneReceived += (_, e) => keys.Enqueue(e.Tone);
        await call.ConnectAsync(Offerer.DotNet, BrowserPeer.Audio);
        await call.Browser.RunAsync("peer.press('159#*D')");
        await call.DotNet.UntilAsync(() => keys.Count == 6, "the browser's keys");
        var played = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sender.Dtmf!.ToneChange += (_, e) =>
        {
            if (e.Tone.Length == 0)
            {
                played.TrySetResult();
            }
        };
        sender.Dtmf.InsertDtmf("42");
        await played.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(string.Concat(keys), Is.EqualTo("159#*D"));

        // The browser goes on hearing us: the events have not upset its stream.
        await HearsToneAsync(call.Browser);
        Assert.That(await call.Browser.CounterAsync("inbound-rtp", "audio", "packetsLost"), Is.Null.Or.LessThanOrEqualTo(0));
    }

    private async Task HearsToneAsync(BrowserPeer browser)
    {
        if (kind == BrowserKind.Firefox)
        {
            await browser.GrowsAsync("inbound-rtp", "audio", "jitterBufferEmittedCount", 24_000);

            // As loud as it was written: 10,000 of 32,767.
            await browser.BecomesAsync("inbound-rtp", "audio", "audioLevel", "Math.abs(n - 0.305) < 0.05");
            return;
        }

        await browser.RunAsync("peer.listen()");
        await browser.RunAsync("peer.hears(880)");
    }

    // Times at which it becomes loud.
    private static int CountBeeps(ReadOnlySpan<short> samples)
    {
        var beeps = 0;
        var wasLoud = false;
        for (var i = 0; i + 2400 <= samples.Length; i += 2400)
        {
            var isLoud = Tone.GetLevel(samples.Slice(i, 2400)) > 500;
            beeps += isLoud && !wasLoud ? 1 : 0;
            wasLoud = isLoud;
        }

        return beeps;
    }

    private static UdpRelay? NoRelay(out Jitter jitter)
    {
        jitter = new Jitter();
        return null;
    }

    private static UdpRelay NewRelay(out Jitter jitter)
    {
        var relay = new UdpRelay();
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.Affects = RelayTraffic.IsRtp;
            direction.LossRate = 0.05;
        }

        jitter = new Jitter(relay.ToDotNet, relay.ToBrowser);
        return relay;
    }

    /// <summary>Changes the delay of directions again and again, between 5 and 60 ms.</summary>
    private sealed class Jitter : IAsyncDisposable
    {
        private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(30));
        private readonly Task _changing;

        public Jitter(params RelayDirection[] directions) => _changing = ChangeAsync(directions);

        public async ValueTask DisposeAsync()
        {
            _timer.Dispose();
            await _changing;
        }

        private async Task ChangeAsync(RelayDirection[] directions)
        {
            var random = new Random(1);
            while (await _timer.WaitForNextTickAsync())
            {
                foreach (var direction in directions)
                {
                    direction.Delay = TimeSpan.FromMilliseconds(random.Next(5, 60));
                }
            }
        }
    }
}
