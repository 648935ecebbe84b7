using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample.Transfers;

/// <summary>
/// The page where the browser gives it no file system: on plain <c>http</c> from another machine, which a name stands for that is not <c>localhost</c>. What comes in
/// is kept in blobs.
/// </summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class BlobStorageTests(BrowserKind kind)
{
    private const string Host = "files.test";
    private const int Megabytes = 30;
    private const int Interrupted = 60;

    private readonly List<string> _errors = [];
    private readonly FileFolder _profile = new();
    private FileFolder _folder = null!;
    private IBrowserContext _browser = null!;
    private IBrowser? _process;

    // One for all: each test has a port, and so an origin, of its own.
    [OneTimeSetUp]
    public async Task StartBrowserAsync()
    {
        if (kind == BrowserKind.Chromium)
        {
            _process = await Browsers.LaunchChromiumAsync($"--host-resolver-rules=MAP {Host} 127.0.0.1");
            _browser = await _process.NewContextAsync();
        }
        else
        {
            _browser = await Browsers.LaunchFirefoxAsync(_profile.PathOf("profile"), ("network.dns.localDomains", Host));
        }

        _browser.SetDefaultTimeout(60_000);
    }

    [OneTimeTearDown]
    public async Task CloseBrowserAsync()
    {
        await _browser.CloseAsync();
        await (_process?.CloseAsync() ?? Task.CompletedTask);
        _profile.Dispose();
    }

    [SetUp]
    public void MakeFolder()
    {
        _errors.Clear();
        _folder = new FileFolder();
    }

    [TearDown]
    public async Task ClosePagesAsync()
    {
        // Firefox ends with its last page.
        var pages = _browser.Pages.ToList();
        await _browser.NewPageAsync();
        foreach (var page in pages)
        {
            await page.CloseAsync();
        }

        _folder.Dispose();
        Assert.That(_errors, Is.Empty, "errors of the page");
    }

    [Test]
    public async Task Receives_a_file_where_there_is_no_file_system()
    {
        string file = _folder.Make("big.bin", Megabytes);
        var (sample, page) = await OpenAsync("--send", file);
        await using var running = sample;
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForSelectorAsync("#received [data-state=done]");

        Assert.That(await page.InnerTextAsync("#received .hash"), Is.EqualTo($"SHA-256 {FileFolder.Sha256(file)}"));
        Assert.That(await ReadAsync(page), Is.EqualTo(("big.bin", FileFolder.Sha256(file))));
    }

    [Test]
    public async Task Goes_on_with_what_the_blobs_hold_when_the_process_is_back()
    {
        string file = _folder.Make("big.bin", Interrupted);
        var (sample, page) = await OpenAsync("--send", file);
        await using var killed = sample;
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForFunctionAsync("document.querySelector('#received .bar').getAttribute('aria-valuenow') >= 5");
        await sample.KillAsync();
        await page.WaitForSelectorAsync("#received [data-state=interrupted]");
        var (second, _) = await FileTransferProcess.ServeAsync(await sample.Address, "--send", file);
        await using var running = second;
        await page.WaitForSelectorAsync("#received [data-state=done]");

        Assert.That(await page.InnerTextAsync("#received .detail"), Does.Contain("resumed at "));
        Assert.That(await ReadAsync(page), Is.EqualTo(("big.bin", FileFolder.Sha256(file))));
    }

    [Test]
    public async Task Takes_a_file_that_was_cancelled_before()
    {
        string file = _folder.Make("big.bin", Interrupted);
        var (sample, page) = await OpenAsync("--send", file);
        await using var first = sample;
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForFunctionAsync("document.querySelector('#received .bar').getAttribute('aria-valuenow') >= 5");
        await page.ClickAsync("#received button:text('Cancel')");
        await page.WaitForSelectorAsync("#received [data-state=cancelled]");
        await page.CloseAsync();
        (sample, page) = await OpenAsync("--send", file);
        await using var second = sample;
        await page.ClickAsync("#received button:text('Receive')");
        await page.WaitForSelectorAsync("#received [data-state=done]");

        Assert.That(await page.InnerTextAsync("#received .detail"), Does.Not.Contain("resumed at "), "nothing was kept");
        Assert.That(await ReadAsync(page), Is.EqualTo(("big.bin", FileFolder.Sha256(file))));
    }

    private async Task<(FileTransferProcess Sample, IPage Page)> OpenAsync(params string[] arguments)
    {
        var (sample, address) = await FileTransferProcess.ServeAsync(null, arguments);
        var page = await _browser.NewPageAsync();
        page.PageError += (_, error) => _errors.Add(error);
        await page.GotoAsync(new UriBuilder(address) { Host = Host }.ToString());
        Assert.That(await page.EvaluateAsync<bool>("() => isSecureContext || navigator.storage !== undefined"), Is.False, "the browser has no file system for this page");
        await page.WaitForSelectorAsync("#status[data-state=connected]");
        return (sample, page);
    }

    /// <summary>The name and the SHA-256 of what the page offers to save. Without https there is no <c>crypto.subtle</c>; the page's own SHA-256 is tested elsewhere.</summary>
    private static async Task<(string Name, string Sha256)> ReadAsync(IPage page)
    {
        string[] found = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const { Sha256 } = await import('/sha256.js');
              const link = document.querySelector('#received a');
              return [link.download, new Sha256().update(new Uint8Array(await (await fetch(link.href)).arrayBuffer())).hex()];
            }
            """);
        return (found[0], found[1]);
    }
}
