using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Sample;

/// <summary>The sample's page and its WebSocket, used as a person would.</summary>
internal sealed class PageTests
{
    private EchoPeerProcess _sample = null!;
    private Uri _address = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => (_sample, _address) = await EchoPeerProcess.ServeAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _sample.DisposeAsync();

    [Test]
    public async Task Shows_the_echo_of_camera_microphone_and_messages([Values] BrowserKind kind)
    {
        var page = await Browsers.OpenPageAsync(kind, _address);
        await page.ClickAsync("#start");
        await ExpectTextAsync(page, "#status-text", "Connected");
        await page.WaitForFunctionAsync("document.getElementById('echo-video').videoWidth > 0");
        double shown = await page.EvaluateAsync<double>("document.getElementById('echo-video').currentTime");
        await page.WaitForFunctionAsync("t => document.getElementById('echo-video').currentTime > t + 1", shown);

        await page.FillAsync("#chat-text", "Is anybody there?");
        await page.ClickAsync("#chat-send");
        await page.WaitForSelectorAsync("#log .theirs");
        string echoed = await page.InnerTextAsync("#log .theirs");
        await page.WaitForFunctionAsync("/host|prflx/.test(document.getElementById('fact-pair').textContent)");

        Assert.That(echoed, Does.StartWith("Is anybody there?").And.Contain("back after"));

        await page.ClickAsync("#stop");
        await ExpectTextAsync(page, "#status-text", "Ready");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Restarts_ICE_and_adds_video_to_a_call_of_messages([Values] BrowserKind kind)
    {
        var page = await Browsers.OpenPageAsync(kind, _address);
        await page.SelectOptionAsync("#source", "none");
        await page.ClickAsync("#start");
        await ExpectTextAsync(page, "#status-text", "Connected");
        await page.ClickAsync("#add-video");
        await page.WaitForFunctionAsync("document.getElementById('echo-video').videoWidth > 0");
        await page.ClickAsync("#restart");
        await page.FillAsync("#chat-text", "after the restart");
        await page.ClickAsync("#chat-send");
        await page.WaitForSelectorAsync("#log .theirs");

        await ExpectTextAsync(page, "#status-text", "Connected");
        Assert.That(await page.IsHiddenAsync("#error"), Is.True);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Says_so_when_the_process_ends([Values] BrowserKind kind)
    {
        var (sample, address) = await EchoPeerProcess.ServeAsync();
        await using var running = sample;
        var page = await Browsers.OpenPageAsync(kind, address);
        await page.SelectOptionAsync("#source", "none");
        await page.ClickAsync("#start");
        await ExpectTextAsync(page, "#status-text", "Connected");

        int exitCode = await sample.InterruptAsync();

        await page.WaitForSelectorAsync("#log .note");
        Assert.That(exitCode, Is.Zero);
        Assert.That(await page.InnerTextAsync("#log .note"), Is.EqualTo("The peer ended the call."));
        await page.Context.CloseAsync();
    }

    [TestCase("hello")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":"offer"}""")]
    [TestCase("""{"type":"offer","sdp":"nonsense"}""")]
    [TestCase("""{"type":"candidate","candidate":{"candidate":"candidate:1 1 udp 1 127.0.0.1 9 typ host","sdpMid":"0"}}""")]
    public async Task Answers_bad_signalling_with_an_error(string message)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_address) { Scheme = "ws", Path = "/signal" }.Uri, CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[4096];
        var reply = await socket.ReceiveAsync(buffer, CancellationToken.None);
        string text = Encoding.UTF8.GetString(buffer, 0, reply.Count);
        var end = await socket.ReceiveAsync(buffer, CancellationToken.None);

        Assert.That(text, Does.StartWith("""{"type":"error","message":"The peer did not accept that: """));
        Assert.That(end.MessageType, Is.EqualTo(WebSocketMessageType.Close));
    }

    [Test]
    public async Task Keeps_pages_of_other_sites_from_calling()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://other.example");
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(_address) { Scheme = "ws", Path = "/signal" }.Uri;

        Assert.That(async () => await socket.ConnectAsync(address, CancellationToken.None), Throws.InstanceOf<WebSocketException>());
        Assert.That(socket.HttpStatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static async Task ExpectTextAsync(IPage page, string selector, string text)
    {
        try
        {
            await page.WaitForFunctionAsync("([s, t]) => document.querySelector(s).textContent === t", new[] { selector, text });
        }
        catch (TimeoutException)
        {
            string error = await page.InnerTextAsync("#error");
            Assert.Fail($"{selector} is '{await page.InnerTextAsync(selector)}', not '{text}'. {error}");
        }
    }
}
