using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Broadcasts;

/// <summary>What browsers see of the sample's sources.</summary>
internal sealed class BroadcastTests
{
    // Small and slow: the tests share the machine with browsers.
    private static readonly string[] Small = ["--rate", "12", "--layers", "90:60,180:250"];

    [SetUp]
    public void Require() => Peers.Require("ffmpeg");

    [TestCase(BrowserKind.Chromium, "VP8")]
    [TestCase(BrowserKind.Chromium, "VP9")]
    [TestCase(BrowserKind.Firefox, "VP8")]
    public async Task A_test_pattern_moves_and_sounds_and_ends(BrowserKind kind, string codec)
    {
        var (process, address) = await CallSample.ServeAsync("SendMedia", ["--codec", codec, .. Small]);
        await using var running = process;
        var page = await WatchAsync(kind, address);
        await ExpectMovementAsync(page);
        await page.WaitForFunctionAsync("/^opus.* [1-9][0-9]* kbit/.test(document.getElementById('fact-audio').textContent)");
        if (kind == BrowserKind.Chromium)
        {
            // Without a sound card, the audio graph of Firefox stands still.
            await page.WaitForFunctionAsync("document.getElementById('meter').getAttribute('aria-valuenow') > 20");
        }

        await page.WaitForFunctionAsync("c => document.getElementById('fact-video').textContent.startsWith(c)", codec);
        Assert.That(await page.InnerTextAsync("#source"), Is.EqualTo("a test pattern"));

        await page.ClickAsync("#stop");
        await page.WaitForSelectorAsync("#start:visible");
        Assert.That(await page.InnerTextAsync("#status-text"), Is.EqualTo("Ready"));
        await page.Context.CloseAsync();
        Assert.That(await process.InterruptAsync(), Is.Zero);
    }

    [Test]
    public async Task One_encoder_serves_two_viewers_and_the_second_joins_late()
    {
        var (process, address) = await CallSample.ServeAsync("SendMedia", Small);
        await using var running = process;
        var first = await WatchAsync(BrowserKind.Chromium, address);
        await ExpectMovementAsync(first);
        IPage second = null!;
        await Measurement.RepeatAsync(async () =>
        {
            await (second?.Context.CloseAsync() ?? Task.CompletedTask);
            second = await WatchAsync(BrowserKind.Chromium, address);
            await second.WaitForFunctionAsync("parseFloat(document.getElementById('fact-first').textContent) > 0");
            double wait = double.Parse((await second.InnerTextAsync("#fact-first")).Split(' ')[0], CultureInfo.InvariantCulture);
            TestContext.Out.WriteLine($"first picture of the second viewer after {wait} ms");
            return wait < 5000 ? [] : [$"first picture after {wait} ms"];
        });
        await ExpectMovementAsync(second);
        await ExpectMovementAsync(first);
        await first.WaitForFunctionAsync("document.getElementById('fact-viewers').textContent === '2'");

        Assert.That(process.Output.Split('\n').Count(l => l.Contains("Somebody watches", StringComparison.Ordinal)), Is.EqualTo(1));
        await first.Context.CloseAsync();
        await ExpectMovementAsync(second);
        await second.Context.CloseAsync();
        await process.WaitForOutputAsync("the source rests");
    }

    [Test]
    public async Task A_viewer_whose_network_carries_less_gets_a_smaller_picture()
    {
        using var relay = new UdpRelay();
        var (process, address) = await CallSample.ServeAsync("SendMedia", Small);
        await using var running = process;
        await using var browser = await BrowserPeer.OpenAsync(BrowserKind.Chromium);
        await browser.RunAsync("peer.receive()");
        await browser.OpenChannelAsync("info");
        await browser.ConnectAsync(address, relay);
        await HeightAsync(browser, 180);

        relay.ToBrowser.BitrateBps = 200_000;
        await HeightAsync(browser, 90);
        await browser.GrowsAsync("inbound-rtp", "video", "framesDecoded", 12);
        relay.ToBrowser.BitrateBps = null;
        await HeightAsync(browser, 180);
    }

    [TestCase("ivf")]
    [TestCase("h264")]
    [TestCase("webm")]
    public async Task A_file_is_shown_over_and_over(string extension)
    {
        string path = Path.Combine(Path.GetTempPath(), $"webrtccore-{Guid.NewGuid():N}.{extension}");
        try
        {
            await MediaProbe.RunAsync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=15:duration=2", .. Encoding(extension), path]);
            var (process, address) = await CallSample.ServeAsync("SendMedia", ["--source", path, .. Small, "--rate", "15"]);
            await using var running = process;
            var page = await WatchAsync(BrowserKind.Chromium, address);

            // Twice as long as the file.
            double shown = await page.EvaluateAsync<double>("document.getElementById('video').currentTime");
            await page.WaitForFunctionAsync("t => document.getElementById('video').currentTime > t + 4.5", shown);
            await ExpectMovementAsync(page);
            await page.Context.CloseAsync();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task An_ogg_file_is_heard()
    {
        string path = Path.Combine(Path.GetTempPath(), $"webrtccore-{Guid.NewGuid():N}.opus");
        try
        {
            await MediaProbe.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "libopus", path);
            var (process, address) = await CallSample.ServeAsync("SendMedia", "--source", path);
            await using var running = process;
            var page = await Browsers.OpenPageAsync(BrowserKind.Chromium, address);
            await page.ClickAsync("#start");
            await page.WaitForFunctionAsync("document.getElementById('meter').getAttribute('aria-valuenow') > 20");
            await page.Context.CloseAsync();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task A_file_that_is_no_media_ends_with_1_and_a_sentence()
    {
        var (exitCode, output) = await CallSample.RunAsync("SendMedia", "--source", "/etc/hostname");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("/etc/hostname").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Without_ffmpeg_it_names_the_package()
    {
        var (exitCode, output) = await CallSample.RunAsync("SendMedia", new Dictionary<string, string> { ["PATH"] = DotNetOnly() });

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("The program ffmpeg was not found.").And.Contain("apt install ffmpeg"));
    }

    private static string[] Encoding(string extension) => extension switch
    {
        "ivf" => ["-c:v", "libvpx", "-b:v", "200k", "-g", "15"],
        "h264" => ["-c:v", "libx264", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", "15", "-b:v", "200k"],
        _ => ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-b:v", "200k"],
    };

    private static async Task<IPage> WatchAsync(BrowserKind kind, Uri address)
    {
        var page = await Browsers.OpenPageAsync(kind, address);
        await page.ClickAsync("#start");
        try
        {
            await page.WaitForFunctionAsync("document.getElementById('video').videoWidth > 0");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{await page.InnerTextAsync("#status-text")}: {await page.TextContentAsync("#error-text")}");
        }

        return page;
    }

    // Pictures arrive, and are not the same.
    private static async Task ExpectMovementAsync(IPage page) => await page.EvaluateAsync(
        """
        async () => {
          const video = document.getElementById('video');
          const canvas = new OffscreenCanvas(64, 36);
          const pen = canvas.getContext('2d', { willReadFrequently: true });
          const seen = new Set();
          const end = performance.now() + 60000;
          while (seen.size < 5) {
            if (performance.now() > end) {
              throw new Error(`${seen.size} different pictures in 60 s`);
            }
            pen.drawImage(video, 0, 0, 64, 36);
            seen.add(pen.getImageData(0, 0, 64, 36).data.join());
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
        """);

    private static async Task HeightAsync(BrowserPeer browser, int height) =>
        await browser.RunAsync($"peer.until(async () => (await peer.stats('inbound-rtp', 'video'))[0]?.frameHeight === {height}, 'a picture of {height} lines', 60)");

    // The folder of dotnet, in which there is nothing else: the runtime is in shared/Microsoft.NETCore.App/<version>/ below it.
    private static string DotNetOnly() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
