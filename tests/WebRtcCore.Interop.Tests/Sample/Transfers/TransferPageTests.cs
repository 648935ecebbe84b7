using System.Diagnostics;
using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>The page of the sample and its process. With WEBRTCCORE_LONG=1 the big files have 500 MB.</summary>
internal sealed class TransferPageTests
{
    private const string Done = "[data-state=done]";
    private const int Interrupted = 60;

    private readonly List<string> _errors = [];
    private FileFolder _folder = null!;

    private static bool IsLong => Environment.GetEnvironmentVariable("WEBRTCCORE_LONG") == "1";

    private static int BigMegabytes => IsLong ? 500 : 30;

    private static PageWaitForSelectorOptions Patience => new() { Timeout = IsLong ? 300_000 : 60_000 };

    [SetUp]
    public void MakeFolder()
    {
        _folder = new FileFolder();
        _errors.Clear();
    }

    [TearDown]
    public void DeleteFolder()
    {
        _folder.Dispose();
        Assert.That(_errors, Is.Empty, "errors of the page");
    }

    [Test]
    public async Task Sends_a_big_file_to_the_process([Values] BrowserKind kind)
    {
        string file = _folder.Make("big.bin", BigMegabytes);
        var (sample, page) = await OpenAsync(kind, "--receive", _folder.Incoming);
        await using var running = sample;
        var watch = Stopwatch.StartNew();
        await page.SetInputFilesAsync("#files", file);
        await page.WaitForSelectorAsync($"#sent {Done}", Patience);
        Report(watch, sample);

        string shown = await page.InnerTextAsync("#sent .hash");
        Assert.That(shown, Is.EqualTo($"SHA-256 {FileFolder.Sha256(file)}"));
        Assert.That(FileFolder.Sha256(_folder.PathOfReceived("big.bin")), Is.EqualTo(FileFolder.Sha256(file)));
        Assert.That(_folder.Received, Is.EqualTo(new[] { "big.bin" }));
        Assert.That(sample.PeakMemory(), Is.LessThan(250_000_000));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Receives_a_big_file_from_the_process([Values] BrowserKind kind)
    {
        string file = _folder.Make("big.bin", BigMegabytes);
        var (sample, page) = await OpenAsync(kind, "--send", file);
        await using var running = sample;
        var watch = Stopwatch.StartNew();
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForSelectorAsync($"#received {Done}", Patience);
        Report(watch, sample);

        Assert.That(await page.InnerTextAsync("#received .hash"), Is.EqualTo($"SHA-256 {FileFolder.Sha256(file)}"));
        var saved = kind == BrowserKind.Chromium ? await SaveAsync(page) : await ReadAsync(page);
        Assert.That(saved, Is.EqualTo(("big.bin", FileFolder.Sha256(file))));
        Assert.That(sample.PeakMemory(), Is.LessThan(250_000_000));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Exchanges_several_files_at_once([Values] BrowserKind kind)
    {
        string[] given = [.. Enumerable.Range(1, 5).Select(i => _folder.Make($"given {i}.bin", i))];
        string[] offered = [_folder.Make("offered 1.bin", 6), _folder.Make("offered 2.bin", 7)];
        var (sample, page) = await OpenAsync(kind, "--receive", _folder.Incoming, "--send", offered[0], "--send", offered[1]);
        await using var running = sample;
        await page.ClickAsync("#receive-all");
        await page.SetInputFilesAsync("#files", given);
        await page.WaitForFunctionAsync($"document.querySelectorAll('{Done}').length === 7");

        Assert.That(_folder.Received, Is.EqualTo(given.Select(f => Path.GetFileName(f))));
        Assert.That(given.Select(f => FileFolder.Sha256(_folder.PathOfReceived(Path.GetFileName(f)))), Is.EqualTo(given.Select(FileFolder.Sha256)));
        string[] shown = [.. await page.Locator("#received .hash").AllInnerTextsAsync()];
        Assert.That(shown, Is.EquivalentTo(offered.Select(f => $"SHA-256 {FileFolder.Sha256(f)}")));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Takes_a_file_that_is_dropped_with_any_name()
    {
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--receive", _folder.Incoming);
        await using var running = sample;
        await page.EvaluateAsync(
            """
            () => {
              const files = new DataTransfer();
              files.items.add(new File(['abc'], '..\\..\\evil.txt'));
              dispatchEvent(new DragEvent('drop', { dataTransfer: files, cancelable: true }));
            }
            """);
        await page.WaitForSelectorAsync($"#sent {Done}");

        Assert.That(_folder.Received, Is.EqualTo(new[] { "evil.txt" }));
        Assert.That(_folder.Others, Is.Empty);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Goes_on_with_a_file_when_the_process_was_killed_and_is_back()
    {
        string file = _folder.Make("big.bin", Interrupted);
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--receive", _folder.Incoming);
        await using var killed = sample;
        var address = await sample.Address;
        await page.SetInputFilesAsync("#files", file);
        await _folder.UntilPartHasAsync(5);
        await sample.KillAsync();
        await page.WaitForSelectorAsync("#sent [data-state=interrupted]");
        var (second, _) = await FileTransferProcess.ServeAsync(address, "--receive", _folder.Incoming);
        await using var running = second;
        await page.WaitForSelectorAsync($"#sent {Done}", Patience);

        Assert.That(await page.InnerTextAsync("#sent .detail"), Does.Contain("resumed at "));
        Assert.That(FileFolder.Sha256(_folder.PathOfReceived("big.bin")), Is.EqualTo(FileFolder.Sha256(file)));
        Assert.That(_folder.Received, Is.EqualTo(new[] { "big.bin" }));
        await page.Context.CloseAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Goes_on_with_a_received_file_when_the_process_is_back(bool pageIsLoadedAgain)
    {
        string file = _folder.Make("big.bin", Interrupted);
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--send", file);
        await using var killed = sample;
        var address = await sample.Address;
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForFunctionAsync("document.querySelector('#received .bar').getAttribute('aria-valuenow') >= 5");
        await sample.KillAsync();
        await page.WaitForSelectorAsync("#received [data-state=interrupted]");
        var (second, _) = await FileTransferProcess.ServeAsync(address, "--send", file);
        await using var running = second;
        if (pageIsLoadedAgain)
        {
            page.Dialog += (_, dialog) => dialog.AcceptAsync();
            await page.ReloadAsync();
            await page.ClickAsync("#received button:text('Receive')");
        }

        await page.WaitForSelectorAsync($"#received {Done}", Patience);

        Assert.That(await page.InnerTextAsync("#received .detail"), Does.Contain("resumed at "));
        Assert.That(await SaveAsync(page), Is.EqualTo(("big.bin", FileFolder.Sha256(file))));
        await page.Context.CloseAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_file_to_the_process_can_be_cancelled_from_either_side(bool pageCancels)
    {
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--receive", _folder.Incoming);
        await using var running = sample;
        await page.SetInputFilesAsync("#files", _folder.Make("big.bin", Interrupted));
        await _folder.UntilPartHasAsync(5);
        await CancelAsync(page, sample, pageCancels, "#sent");

        await FileFolder.UntilAsync(() => !_folder.Received.Any(), "the part to be deleted");
        await page.SetInputFilesAsync("#files", _folder.Make("small.bin", 1));
        await page.WaitForSelectorAsync($"#sent {Done}");
        Assert.That(_folder.Received, Is.EqualTo(new[] { "small.bin" }));
        await page.Context.CloseAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_file_from_the_process_can_be_cancelled_from_either_side(bool pageCancels)
    {
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--send", _folder.Make("big.bin", Interrupted));
        await using var running = sample;
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForSelectorAsync("#received [data-state=running]");
        await CancelAsync(page, sample, pageCancels, "#received");

        Assert.That(await page.Locator("#received a").IsHiddenAsync(), Is.True);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Says_so_when_the_process_takes_no_files()
    {
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--send", _folder.Make("small.bin", 1));
        await using var running = sample;

        await page.WaitForSelectorAsync("#takes-none");
        await page.Context.CloseAsync();
    }

    [TestCase("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [TestCase("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public async Task The_page_computes_SHA_256_as_FIPS_180_does(string text, string expected)
    {
        var (sample, page) = await OpenAsync(BrowserKind.Chromium, "--receive", _folder.Incoming);
        await using var running = sample;
        string hash = await page.EvaluateAsync<string>(
            "async text => new (await import('/sha256.js')).Sha256().update(new TextEncoder().encode(text)).hex()", text);
        bool agrees = await page.EvaluateAsync<bool>(
            """
            async () => {
              const { Sha256 } = await import('/sha256.js');
              const hash = new Sha256();
              const all = new Uint8Array(40000);
              for (let i = 0; i < all.length; i++) all[i] = i * 31 + (i >> 8);
              for (let at = 0, step = 1; at < all.length; at += step, step = (step * 7) % 311 + 1) hash.update(all.subarray(at, Math.min(all.length, at + step)));
              const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
              return hash.hex() === Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
            }
            """);

        Assert.That(hash, Is.EqualTo(expected));
        Assert.That(agrees, Is.True, "in pieces");
        await page.Context.CloseAsync();
    }

    private async Task<(FileTransferProcess Sample, IPage Page)> OpenAsync(BrowserKind kind, params string[] arguments)
    {
        Peers.Require(kind == BrowserKind.Chromium ? "chromium" : "firefox-esr");
        var (sample, address) = await FileTransferProcess.ServeAsync(null, arguments);
        var page = await Browsers.OpenPageAsync(kind, address);
        page.PageError += (_, error) => _errors.Add(error);
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("#status[data-state=connected]");
        return (sample, page);
    }

    private static async Task CancelAsync(IPage page, FileTransferProcess sample, bool pageCancels, string list)
    {
        if (pageCancels)
        {
            await page.ClickAsync($"{list} button:text('Cancel')");
        }
        else
        {
            await sample.PressAsync('c');
        }

        await page.WaitForSelectorAsync($"{list} [data-state=cancelled]");
        await FileFolder.UntilAsync(() => sample.Output.Contains("Cancelled big.bin.", StringComparison.Ordinal), "the process to say so");
    }

    /// <summary>Saves the received file as a person would, and returns its name and SHA-256.</summary>
    private static async Task<(string Name, string Sha256)> SaveAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#received a"));
        return (download.SuggestedFilename, FileFolder.Sha256(await download.PathAsync()));
    }

    /// <summary>The same without saving: Playwright sees no downloads of a stock Firefox.</summary>
    private static async Task<(string Name, string Sha256)> ReadAsync(IPage page)
    {
        string[] found = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const link = document.querySelector('#received a');
              const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await (await fetch(link.href)).arrayBuffer()));
              return [link.download, Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('')];
            }
            """);
        return (found[0], found[1]);
    }

    private static void Report(Stopwatch watch, FileTransferProcess sample)
    {
        string rate = FormattableString.Invariant($"{BigMegabytes / watch.Elapsed.TotalSeconds:F1} MB/s, peak memory of the process {sample.PeakMemory() / 1e6:F0} MB");
        TestContext.Progress.WriteLine($"{TestContext.CurrentContext.Test.Name}: {BigMegabytes} MB at {rate}");
    }
}
