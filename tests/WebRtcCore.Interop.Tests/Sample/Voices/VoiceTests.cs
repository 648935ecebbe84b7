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
        await SpeakAsync(page, 1500);
        await page.WaitForSelectorAsync("#answer-1");

        // The melody begins and ends with a C, and has no note outside of its scale.
        await page.WaitForFunctionAsync("Math.abs(parseFloat(document.getElementById('fact-pitch').textContent) - 523) < 15");
        await page.WaitForFunctionAsync("document.querySelector('#answer-1 .length').textContent.endsWith(' s')");
        double spoken = await SecondsAsync(page, "#turn-1");
        double latency = await NumberAsync(page, "#fact-latency");
        TestContext.Out.WriteLine($"turn of {spoken} s, answered after {latency} ms");

        Assert.That(spoken, Is.InRange(0.5, 4));
        Assert.That(latency, Is.InRange(600, 2000), "the hang-over of 600 ms is part of it");
        Assert.That(await page.InnerTextAsync("#answer-1 .mark"), Is.Empty);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Falls_silent_when_it_is_interrupted_and_answers_that()
    {
        var page = await CallAsync();
        await SpeakAsync(page, 3000);
        await page.WaitForSelectorAsync("#answer-1");
        await page.ClickAsync("#talk");
        await page.WaitForSelectorAsync("#turn-2");
        Assert.That(await page.InnerTextAsync("#turn-2 .mark"), Is.EqualTo("interrupts the agent"));
        await page.WaitForFunctionAsync("document.querySelector('#answer-1 .mark').textContent === 'interrupted'");

        // Nothing is heard of it, although its answer of some four seconds is not over.
        await page.WaitForFunctionAsync("document.getElementById('fact-pitch').textContent === '–'");
        Assert.That(await SecondsAsync(page, "#answer-1"), Is.LessThan(2.5));
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
            await SpeakAsync(page, 2000);
            await page.WaitForSelectorAsync("#answer-1");
            await page.WaitForFunctionAsync("Math.abs(parseFloat(document.getElementById('fact-pitch').textContent) - 10000) < 30");
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
            await SpeakAsync(page, 1500);
            await page.WaitForSelectorAsync("#answer-1");
            await page.WaitForFunctionAsync("Math.abs(parseFloat(document.getElementById('fact-pitch').textContent) - 523) < 15");
            await page.Context.CloseAsync();
            Assert.That(sample.Output, Does.Contain("Sound travels as G.711, 8 kHz."));
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
