using System.Text.Json;
using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Ice;

namespace WebRtcCore.Interop.Tests.Sample.IceTrickle;

/// <summary>The sample as a tool of scripts, and its page.</summary>
[Category("Interop")]
internal sealed class IceTrickleTests
{
    [Test]
    public async Task A_server_that_gives_a_relayed_candidate_ends_it_with_0()
    {
        using var coturn = await Coturn.StartAsync();
        var url = coturn.Url(IceServerTransportProtocol.Udp);
        var (exitCode, output) = await IceTrickleProcess.RunAsync("--server", $"stun:127.0.0.1:{coturn.Port}", "--server", url, "--user", Coturn.Username, "--password", Coturn.Password);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match(@"host +udp +127\.0\.0\.1:\d+ +\d+"));
        Assert.That(output, Does.Match($@"relay +udp/udp +127\.0\.0\.1:\d+ +\d+ +{url.Replace("?", "\\?", StringComparison.Ordinal)}"));
        Assert.That(output, Does.Contain("ok      stun:").And.Contain("ok      turn:").And.Contain("Gathering is complete."));
    }

    [Test]
    public async Task Each_event_is_a_line_of_json()
    {
        using var coturn = await Coturn.StartAsync();
        var (exitCode, output) = await IceTrickleProcess.RunAsync(
            "--json", "--relay-only", "--server", coturn.Url(IceServerTransportProtocol.Tcp), "--user", Coturn.Username, "--password", Coturn.Password);
        Assert.That(exitCode, Is.Zero, output);
        var lines = output.Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.That(lines.Select(line => line.GetProperty("event").GetString()), Is.EqualTo(new[] { "candidate", "server", "end" }));
        Assert.That(lines[0].GetProperty("relayProtocol").GetString(), Is.EqualTo("tcp"));
        Assert.That(lines[2].GetProperty("ok").GetBoolean());
    }

    [Test]
    public async Task Wrong_credentials_end_it_with_1_and_401()
    {
        using var coturn = await Coturn.StartAsync();
        var (exitCode, output) = await IceTrickleProcess.RunAsync("--server", coturn.Url(IceServerTransportProtocol.Udp), "--user", Coturn.Username, "--password", "wrong");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Match("error +401").And.Match("FAILED  turn:.* failed: 401"));
    }

    [TestCase("turn:127.0.0.1:1?transport=tcp")]
    [TestCase("stuns:127.0.0.1")]
    public async Task A_server_that_cannot_be_asked_ends_it_with_1_and_701(string url)
    {
        var (exitCode, output) = await IceTrickleProcess.RunAsync("--server", url, "--user", "u", "--password", "p");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Match("error +701").And.Contain($"FAILED  {url} failed: 701"));
    }

    [Test]
    public async Task A_server_that_says_nothing_ends_it_with_1_when_time_is_up()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var (exitCode, output) = await IceTrickleProcess.RunAsync("--timeout", "1", "--server", $"stun:{silent.Client.LocalEndPoint}");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("did not answer in time").And.Contain("Time is up."));
    }

    [Test]
    public async Task Help_lists_the_options()
    {
        var (exitCode, output) = await IceTrickleProcess.RunAsync("--help");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("--server").And.Contain("--relay-only").And.Contain("--timeout").And.Contain("--json").And.Contain("--serve"));
    }

    [TestCase("--server", "http://example.org")]
    [TestCase("--server", "turn:127.0.0.1")]
    [TestCase("--user", "u")]
    [TestCase("--timeout", "soon")]
    [TestCase("here")]
    public async Task An_argument_without_sense_ends_with_2_and_a_sentence(params string[] arguments)
    {
        var (exitCode, output) = await IceTrickleProcess.RunAsync(arguments);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Does.EndWith("--help lists the options."));
    }

    [Test]
    public async Task The_page_shows_what_the_process_and_the_browser_gather()
    {
        using var coturn = await Coturn.StartAsync();
        await using var process = IceTrickleProcess.Serve();
        var page = await Browsers.OpenPageAsync(BrowserKind.Chromium, await process.Address);
        await page.FillAsync(".url", coturn.Url(IceServerTransportProtocol.Udp));
        await page.FillAsync(".user", Coturn.Username);
        await page.FillAsync(".word", Coturn.Password);
        await page.ClickAsync("#gather");
        await Assertions.Expect(page.Locator("#process .tag[data-type=relay]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#browser .tag[data-type=relay]").First).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Assertions.Expect(page.Locator("#process .verdicts li.good")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#status-text")).ToHaveTextAsync("Gathered", new() { Timeout = 15_000 });

        await page.FillAsync(".word", "wrong");
        await page.ClickAsync("#gather");
        await Assertions.Expect(page.Locator("#process .error-row")).ToContainTextAsync("401");
        await Assertions.Expect(page.Locator("#process .verdicts li.bad")).ToHaveCountAsync(1);

        await page.FillAsync(".url", "http://example.org");
        await Assertions.Expect(page.Locator("#gather")).ToBeEnabledAsync(new() { Timeout = 15_000 });
        await page.ClickAsync("#gather");
        await Assertions.Expect(page.Locator("#error-text")).ToContainTextAsync("is not a stun:");
        await page.Context.CloseAsync();
    }
}
