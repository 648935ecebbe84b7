using System.Globalization;
using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Voices;

/// <summary>A conversation of the sample's page and its agent. Without a sound card, the audio graph of Firefox stands still, and with it the page's test voice.</summary>
internal sealed class VoiceTests
{
    private CallSample _sample = null!;
    private Uri _address = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => (_sample, _address) = await CallSample.ServeAsync("VoiceAgent");

    [OneTimeTearDown]
    public async Task StopAsync() => await _sample.DisposeAsync();

    [Test]
    public async Task Hears_a_turn_and_its_answer_is_heard()
    {
        var page = await CallAsync();
        Assert.That(await page.InnerTextAsync("#fact-codec"), Is.EqualTo("opus, 48 kHz"));
        int turn = 0;
        await Measurement.RepeatAsync(async () =>
        {
            List<string> bad = [.. await SpeakAndHearAsync(page, ++turn, 1500, 523, 15)];
            await page.WaitForFunctionAsync("r => document.querySelector(`${r} .length`).textContent.endsWith(' s')", $"#answer-{turn}");
            double spoken = await SecondsAsync(page, $"#turn-{turn}");
            double latency = await NumberAsync(page, "#fact-latency");
            TestContext.Out.WriteLine($"turn of {spoken} s, answered after {latency} ms");
            if (spoken is < 0.5 or > 4)
            {
                bad.Add($"a turn of {spoken} s");
            }

            // The hang-over of 600 ms is part of it.
            if (latency is < 600 or > 2000)
            {
                bad.Add($"an answer after {latency} ms");
            }

            Assert.That(await page.InnerTextAsync($"#answer-{turn} .mark"), Is.Empty);
            return bad;
        });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Falls_silent_when_it_is_interrupted_and_answers_that()
    {
        var page = await CallAsync();
        await SpeakAsync(page, 4500);
        await page.WaitForSelectorAsync("#answer-1");
        await page.ClickAsync("#talk");
        await page.WaitForSelectorAsync("#turn-2");
        Assert.That(await page.InnerTextAsync("#turn-2 .mark"), Is.EqualTo("interrupts the agent"));
        await page.WaitForFunctionAsync("document.querySelector('#answer-1 .mark').textContent === 'interrupted'");

        // Nothing is heard of it, although its answer, eight notes of 0.22 s for each second of the turn, is not over by far.
        await page.WaitForFunctionAsync("document.getElementById('fact-pitch').textContent === '–'");
        Assert.That(await SecondsAsync(page, "#answer-1"), Is.LessThan(0.7 * 8 * 0.22 * await SecondsAsync(page, "#turn-1")));
        await page.ClickAsync("#talk");
        await page.WaitForSelectorAsync("#answer-2");
        await page.ClickAsync("#stop");
        await page.WaitForSelectorAsync("#start:visible");
        await page.Context.CloseAsync();
    }

    // Higher than a telephone's 4 kHz, and than the 8 kHz that would be left of PCM at 16 kHz.
    [Test]
    public async Task Hears_and_says_what_is_as_high_as_10_kHz()
    {
        var (sample, address) = await CallSample.ServeAsync("VoiceAgent", "--agent", "echo");
        await using (sample)
        {
            var page = await CallAsync(address, """
                window.OscillatorNode = class extends OscillatorNode { constructor(c, o) { super(c, o.type === 'sawtooth' ? { type: 'sine', frequency: 10000 } : o); } };
                window.BiquadFilterNode = class extends BiquadFilterNode { constructor(c, o) { super(c, { ...o, frequency: 10000 }); } };
                """);
            int turn = 0;
            await Measurement.RepeatAsync(() => SpeakAndHearAsync(page, ++turn, 2000, 10_000, 30));
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task Talks_by_G711_where_that_is_asked_for()
    {
        var (sample, address) = await CallSample.ServeAsync("VoiceAgent", "--codec", "g711");
        await using (sample)
        {
            var page = await CallAsync(address);
            Assert.That(await page.InnerTextAsync("#fact-codec"), Is.EqualTo("PCMU, 8 kHz"));
            int turn = 0;
            await Measurement.RepeatAsync(() => SpeakAndHearAsync(page, ++turn, 1500, 523, 15));
            await page.Context.CloseAsync();
            Assert.That(sample.Output, Does.Contain("Sound travels as G.711, 8 kHz."));
        }
    }

    // Speaks, and listens for a pitch in the answer. The melody begins and ends with a C and has no note outside of its scale; each is over in a fifth of a second, so
    // that a page that is not given the time to look misses it.
    private static async Task<IReadOnlyList<string>> SpeakAndHearAsync(IPage page, int turn, int milliseconds, int hz, int tolerance)
    {
        await SpeakAsync(page, milliseconds);
        await page.WaitForSelectorAsync($"#answer-{turn}");
        try
        {
            await page.WaitForFunctionAsync(
                "([hz, tolerance]) => Math.abs(parseFloat(document.getElementById('fact-pitch').textContent) - hz) < tolerance", new[] { hz, tolerance }, new() { Timeout = 10_000 });
            return [];
        }
        catch (TimeoutException)
        {
            return [$"{hz} Hz not heard in answer {turn}"];
        }
    }

    private static async Task SpeakAsync(IPage page, int milliseconds)
    {
        await page.ClickAsync("#talk");
        await page.WaitForTimeoutAsync(milliseconds);
        await page.ClickAsync("#talk");
    }

    private static async Task<double> SecondsAsync(IPage page, string row)
    {
        await page.WaitForFunctionAsync("r => document.querySelector(`${r} .length`).textContent.endsWith(' s')", row);
        return await NumberAsync(page, $"{row} .length");
    }

    private static async Task<double> NumberAsync(IPage page, string selector) =>
        double.Parse((await page.InnerTextAsync(selector)).Split(' ')[0], CultureInfo.InvariantCulture);

    private Task<IPage> CallAsync() => CallAsync(_address);

    private static async Task<IPage> CallAsync(Uri address, string? scriptBefore = null)
    {
        var page = await Browsers.OpenPageAsync(BrowserKind.Chromium, address);
        if (scriptBefore is not null)
        {
            await page.AddInitScriptAsync(scriptBefore);
            await page.ReloadAsync();
        }

        await page.SelectOptionAsync("#source", "voice");
        await page.ClickAsync("#start");
        await page.WaitForFunctionAsync("document.getElementById('fact-level').textContent.endsWith('dB')");
        await page.WaitForSelectorAsync("#talk:visible");
        return page;
    }
}
