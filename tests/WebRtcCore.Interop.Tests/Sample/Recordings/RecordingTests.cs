using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Recordings;

/// <summary>What browsers send, recorded by the sample, looked at by FFmpeg.</summary>
internal sealed class RecordingTests
{
    private DirectoryInfo _folder = null!;
    private CallSample? _sample;

    private string[] Files => [.. _folder.EnumerateFiles().OrderBy(f => f.CreationTimeUtc).Select(f => f.FullName)];

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("recordings");

    [TearDown]
    public async Task CleanUpAsync()
    {
        if (_sample is not null)
        {
            await _sample.DisposeAsync();
        }

        _folder.Delete(true);
    }

    [TestCase(BrowserKind.Chromium, "VP8", "vp8")]
    [TestCase(BrowserKind.Chromium, "VP9", "vp9")]
    [TestCase(BrowserKind.Chromium, "AV1", "av1")]
    [TestCase(BrowserKind.Chromium, "H264", "h264")]
    [TestCase(BrowserKind.Firefox, "VP8", "vp8")]
    public async Task A_recording_of_camera_and_microphone_is_whole(BrowserKind kind, string codec, string name)
    {
        var page = await OpenAsync(kind, "--codec", codec);
        await page.ClickAsync("#connect");
        int recordings = 0;
        await Measurement.RepeatAsync(async () =>
        {
            await RecordsAsync(page, 3);
            double shown = await StopAsync(page, ++recordings);
            string file = Files[^1];
            using var probe = await MediaProbe.ReadAsync(file);
            Assert.That(probe.Codecs, Is.EqualTo((string[])[name, "opus"]));
            Assert.That(Path.GetExtension(file), Is.EqualTo(codec == "H264" ? ".mkv" : ".webm"));
            Assert.That(probe.Duration, Is.GreaterThan(2.8).And.EqualTo(shown).Within(0.05));
            await MediaProbe.DecodeAsync(file);

            // A browser that is not given the time leaves out pictures and sound.
            var (pictures, sounds) = (probe.CountPackets(0), probe.CountPackets(1));
            if (pictures > 20 && Math.Abs(sounds - (probe.Duration / 0.02)) <= 15)
            {
                return [];
            }

            await page.ClickAsync("#record");
            return [$"{pictures} pictures and {sounds} packets of sound in {probe.Duration:F2} s"];
        });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task What_comes_in_a_pause_is_left_out_and_a_second_recording_is_a_second_file()
    {
        var page = await OpenAsync(BrowserKind.Chromium);
        await page.ClickAsync("#connect");
        await RecordsAsync(page, 2);
        await page.ClickAsync("#pause");
        await page.WaitForSelectorAsync("#resume:visible");
        double paused = await SecondsAsync(page);
        await page.WaitForTimeoutAsync(1500);
        Assert.That(await SecondsAsync(page), Is.EqualTo(paused));
        await page.ClickAsync("#resume");
        await RecordsAsync(page, paused + 1.5);
        double shown = await StopAsync(page);
        await page.ClickAsync("#record");
        await RecordsAsync(page, 1);
        await StopAsync(page, files: 2);
        await page.Context.CloseAsync();

        Assert.That(Files, Has.Length.EqualTo(2));
        using var first = await MediaProbe.ReadAsync(Files[0]);
        Assert.That(first.Duration, Is.EqualTo(shown).Within(0.05));
        Assert.That(first.CountPackets(1) * 0.02, Is.EqualTo(first.Duration).Within(0.4));
        foreach (string file in Files)
        {
            await MediaProbe.DecodeAsync(file);
        }
    }

    [Test]
    public async Task Two_pages_record_at_once_and_Ctrl_C_completes_both()
    {
        var first = await OpenAsync(BrowserKind.Chromium);
        var second = await Browsers.OpenPageAsync(BrowserKind.Chromium, await _sample!.Address);
        await second.SelectOptionAsync("#source", "test");
        await first.ClickAsync("#connect");
        await second.ClickAsync("#connect");
        await RecordsAsync(first, 2);
        await RecordsAsync(second, 2);
        Assert.That(await _sample.InterruptAsync(), Is.Zero);
        await first.Context.CloseAsync();
        await second.Context.CloseAsync();

        Assert.That(Files, Has.Length.EqualTo(2));
        foreach (string file in Files)
        {
            using var probe = await MediaProbe.ReadAsync(file);
            Assert.That(probe.Codecs, Is.EqualTo((string[])["vp8", "opus"]));
            Assert.That(probe.Duration, Is.GreaterThan(1.8));
            await MediaProbe.DecodeAsync(file);
        }
    }

    [Test]
    public async Task A_page_that_goes_away_leaves_a_whole_file()
    {
        var page = await OpenAsync(BrowserKind.Chromium);
        await page.SelectOptionAsync("#source", "microphone");
        await page.ClickAsync("#connect");
        await RecordsAsync(page, 2);
        await page.Context.CloseAsync();
        await _sample!.WaitForOutputAsync("Recorded ");

        using var probe = await MediaProbe.ReadAsync(Files.Single());
        Assert.That(probe.Codecs, Is.EqualTo((string[])["opus"]));
        Assert.That(probe.Duration, Is.GreaterThan(1.8));
        await MediaProbe.DecodeAsync(Files.Single());
    }

    [TestCase("VP8", 1)]
    [TestCase("H264", 2)]
    public async Task A_picture_of_another_size_goes_into_the_same_file_where_the_codec_allows_it(string codec, int files)
    {
        var (sample, address) = await CallSample.ServeAsync("RecordToFile", "--output", _folder.FullName, "--codec", codec);
        _sample = sample;
        await using (var browser = await BrowserPeer.OpenAsync(BrowserKind.Chromium))
        {
            await RecordAsync(browser, address);
            await browser.RunAsync("peer.scaleVideo(2)");
            await browser.RunAsync("peer.until(async () => (await peer.stats('outbound-rtp', 'video'))[0].frameWidth === 160, 'a smaller picture')");
            await browser.GrowsAsync("outbound-rtp", "video", "framesEncoded", 30);
            await browser.SendAsync("control", """{"type":"stop"}""");
            for (int i = 0; i < files; i++)
            {
                await sample.WaitForOutputAsync("Recorded ", i + 1);
            }
        }

        Assert.That(Files, Has.Length.EqualTo(files));
        int[] widths = [.. (await Task.WhenAll(Files.Select(WidthsAsync))).SelectMany(w => w).Distinct()];
        Assert.That(widths, Is.EqualTo((int[])[320, 160]));
        foreach (string file in Files)
        {
            await MediaProbe.DecodeAsync(file);
        }
    }

    [Test]
    public async Task A_recording_over_a_network_that_loses_packets_decodes_without_errors()
    {
        using var relay = new UdpRelay();
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.Affects = RelayTraffic.IsRtp;
            direction.Delay = TimeSpan.FromMilliseconds(20);
            direction.LossRate = 0.05;
        }

        var (sample, address) = await CallSample.ServeAsync("RecordToFile", "--output", _folder.FullName);
        _sample = sample;
        await using (var browser = await BrowserPeer.OpenAsync(BrowserKind.Chromium))
        {
            await RecordAsync(browser, address, relay);

            // So much is lost that asking again does not help: only a key frame does.
            relay.ToDotNet.LossRate = 0.9;
            await browser.GrowsAsync("outbound-rtp", "video", "framesEncoded", 10);
            relay.ToDotNet.LossRate = 0.05;
            await browser.GrowsAsync("outbound-rtp", "video", "framesEncoded", 60);
            await browser.SendAsync("control", """{"type":"stop"}""");
            await sample.WaitForOutputAsync("Recorded ");
        }

        using var probe = await MediaProbe.ReadAsync(Files.Single());
        Assert.That(probe.CountPackets(0), Is.GreaterThan(40));
        await MediaProbe.DecodeAsync(Files.Single());
    }

    [Test]
    public async Task A_recording_ends_at_its_limit()
    {
        var page = await OpenAsync(BrowserKind.Chromium, "--limit", "1");
        await page.SelectOptionAsync("#source", "camera");
        await page.ClickAsync("#connect");

        // A megabyte takes 20 s at what the browser's encoder reaches on two cores that have other things to do.
        await page.WaitForSelectorAsync("#error:visible", new() { Timeout = 90_000 });
        Assert.That(await page.InnerTextAsync("#error-text"), Is.EqualTo("The recording has reached its limit of 1 MB."));
        await page.Context.CloseAsync();
        Assert.That(new FileInfo(Files.Single()).Length, Is.InRange(1 << 20, 3 << 20));
        await MediaProbe.DecodeAsync(Files.Single());
    }

    private static async Task<int[]> WidthsAsync(string file)
    {
        byte[] report = await MediaProbe.RunAsync("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=width", "-of", "csv=p=0", file);
        return [.. System.Text.Encoding.UTF8.GetString(report).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => int.Parse(l.TrimEnd(','))).Distinct()];
    }

    private static async Task RecordAsync(BrowserPeer browser, Uri address, UdpRelay? relay = null)
    {
        await browser.AddMediaAsync(BrowserPeer.AudioAndVideo);
        await browser.OpenChannelAsync("control");
        await browser.ConnectAsync(address, relay);
        await browser.ChannelOpenAsync("control");
        await browser.SendAsync("control", """{"type":"record"}""");
        await browser.GrowsAsync("outbound-rtp", "video", "framesEncoded", 60);
    }

    private static async Task RecordsAsync(IPage page, double seconds)
    {
        try
        {
            await page.WaitForFunctionAsync("s => parseFloat(document.getElementById('fact-duration').textContent) >= s", seconds);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{await page.InnerTextAsync("#status-text")}, {await page.InnerTextAsync("#fact-duration")}, {await page.InnerTextAsync("#fact-frames")} pictures. {await page.TextContentAsync("#error-text")}");
        }
    }

    private static Task<double> SecondsAsync(IPage page) => page.EvaluateAsync<double>("() => parseFloat(document.getElementById('fact-duration').textContent)");

    // Ends the recording, and returns the duration that the page shows for its file.
    private static async Task<double> StopAsync(IPage page, int files = 1)
    {
        await page.ClickAsync("#stop");
        await page.WaitForFunctionAsync("n => document.querySelectorAll('#files li').length === n", files);
        return await page.EvaluateAsync<double>("() => Number(document.querySelector('#files li').dataset.seconds)");
    }

    private async Task<IPage> OpenAsync(BrowserKind kind, params string[] more)
    {
        (_sample, var address) = await CallSample.ServeAsync("RecordToFile", ["--output", _folder.FullName, .. more]);
        return await Browsers.OpenPageAsync(kind, address);
    }
}
