using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Interop.Tests.Sample;

/// <summary>POST /offer of the sample, as programs and test suites use it.</summary>
internal sealed class OfferTests
{
    private EchoPeerProcess _sample = null!;
    private Uri _address = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        (_sample, _address) = await EchoPeerProcess.ServeAsync();
        _http = new HttpClient { BaseAddress = _address };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _sample.DisposeAsync();
    }

    [Test]
    public async Task Echoes_audio_video_and_data([Values] BrowserKind kind)
    {
        await using var browser = await BrowserPeer.OpenAsync(kind, _address);
        await browser.RunAsync("peer.create()");
        await browser.AddMediaAsync(BrowserPeer.AudioAndVideo);
        await browser.OpenChannelAsync("chat");
        await CallAsync(browser);
        await browser.ConnectedAsync();
        await browser.ChannelOpenAsync("chat");

        await browser.FramesGrowAsync();
        await browser.AudioGrowsAsync();
        await browser.SendAsync("chat", "hello");
        var text = await browser.NextMessageAsync("chat");
        await browser.SendPatternAsync("chat", 200_000);
        var binary = await browser.NextMessageAsync("chat");

        Assert.That(text.Text, Is.EqualTo("hello"));
        Assert.That((binary.Length, binary.Intact), Is.EqualTo((200_000, true)));
    }

    [Test]
    public async Task Echoes_through_loss_and_brings_key_frame_requests_to_the_browsers_encoder([Values] BrowserKind kind)
    {
        using var relay = new UdpRelay();
        relay.ToDotNet.LossRate = relay.ToBrowser.LossRate = 0.05;
        await using var browser = await BrowserPeer.OpenAsync(kind, _address);
        await browser.RunAsync("peer.create()");
        await browser.AddMediaAsync(BrowserPeer.AudioAndVideo);
        await browser.OpenChannelAsync("chat");
        using var offer = new StringContent(relay.ForDotNet(await browser.OfferAsync()), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("offer", offer);
        await browser.AcceptAnswerAsync(relay.ForBrowser(await response.Content.ReadAsStringAsync()));
        await browser.ChannelOpenAsync("chat");

        await browser.FramesGrowAsync(60);
        await browser.SendPatternAsync("chat", 200_000);
        var binary = await browser.NextMessageAsync("chat");
        Assert.That((binary.Length, binary.Intact), Is.EqualTo((200_000, true)));

        // A decoder that gets nothing asks once: that one request must not be lost.
        relay.ToDotNet.LossRate = relay.ToBrowser.LossRate = 0;
        var asked = browser.GrowsAsync("outbound-rtp", "video", "pliCount", 1);
        relay.ToBrowser.Affects = RelayTraffic.IsRtp;
        relay.ToBrowser.IsBlackout = true;
        await asked;
        relay.ToBrowser.IsBlackout = false;
        await browser.FramesGrowAsync();
    }

    [Test]
    public async Task Offers_the_address_that_its_stun_server_tells()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var outside = TransportAddress.Parse("203.0.113.5", 4000);
        var answering = AnswerBindingsAsync(server, outside);
        var (sample, address) = await EchoPeerProcess.ServeAsync("--stun", $"stun:{server.Client.LocalEndPoint}");
        await using (sample)
        {
            await using var connection = new PeerConnection(null, new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] });
            connection.CreateDataChannel("chat");
            await connection.SetLocalDescriptionAsync();
            using var http = new HttpClient { BaseAddress = address };
            using var offer = new StringContent(connection.LocalDescription!.ToJson(), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("offer", offer);
            var answer = SessionDescription.FromJson(await response.Content.ReadAsStringAsync());
            Assert.That(answer.Sdp, Does.Contain("203.0.113.5 4000 typ srflx"));
        }

        server.Dispose();
        await answering;
    }

    [Test]
    public async Task Answers_a_page_of_another_origin()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "offer");
        request.Headers.Add("Origin", "http://tests.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var response = await _http.SendAsync(request);

        Assert.That(response.IsSuccessStatusCode, Is.True);
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
    }

    [Test]
    public async Task Leaves_nothing_behind_after_a_hundred_calls([Values] BrowserKind kind)
    {
        await using var browser = await BrowserPeer.OpenAsync(kind, _address);
        await MakeCallsAsync(browser, 10);
        await UntilNoSocketsAsync();
        int files = _sample.CountFileDescriptors();
        int threads = _sample.CountThreads();

        await MakeCallsAsync(browser, 100);
        await UntilNoSocketsAsync();

        // The thread pool may have grown by a few workers, and more while the machine is busy; a leak would be a hundred, and stay.
        for (int i = 0; i < 600 && (_sample.CountFileDescriptors() > files + 5 || _sample.CountThreads() > threads + 8); i++)
        {
            await Task.Delay(100);
        }

        Assert.That(_sample.CountFileDescriptors(), Is.LessThanOrEqualTo(files + 5));
        Assert.That(_sample.CountThreads(), Is.LessThanOrEqualTo(threads + 8));
    }

    [TestCase("")]
    [TestCase("hello")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":"offer"}""")]
    [TestCase("""{"type":"offer","sdp":null}""")]
    [TestCase("""{"type":"offer","sdp":7}""")]
    [TestCase("""{"type":"offer","sdp":""}""")]
    [TestCase("""{"type":"offer","sdp":"nonsense"}""")]
    [TestCase("""{"type":"answer","sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"}""")]
    [TestCase("""{"type":"rollback","sdp":""}""")]
    [TestCase("""{"type":"offer","sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"}""")]
    public async Task Refuses_bad_input_with_a_sentence(string body)
    {
        using var response = await _http.PostAsync("offer", new StringContent(body, Encoding.UTF8, "application/json"));
        string sentence = await response.Content.ReadAsStringAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(sentence, Does.Match("^[A-Z].*[.}]$").And.Length.LessThan(300));
        Assert.That(sentence, Does.Not.Contain(" at ").And.Not.Contain("Exception"));
    }

    [Test]
    public async Task Refuses_an_offer_beyond_its_limit()
    {
        string body = JsonSerializer.Serialize(new { type = "offer", sdp = new string('a', 2 * 1024 * 1024) });
        using var response = await _http.PostAsync("offer", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("1 MiB"));
    }

    private static async Task AnswerBindingsAsync(UdpClient server, TransportAddress outside)
    {
        try
        {
            while (true)
            {
                var request = await server.ReceiveAsync();
                Assert.That(StunMessageView.TryParse(request.Buffer, out var message), Is.True);
                var writer = new StunMessageWriter(new byte[100], StunClass.SuccessResponse, StunMethod.Binding, message.TransactionId);
                writer.AddXorAddress(StunAttributeType.XorMappedAddress, outside);
                server.Send(writer.Written, request.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static Task CallAsync(BrowserPeer browser) => browser.RunAsync(
        """
        (async () => {
          const response = await fetch('/offer', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: await peer.offer() });
          if (!response.ok) throw new Error(await response.text());
          await peer.acceptAnswer(await response.text());
        })()
        """);

    private static async Task MakeCallsAsync(BrowserPeer browser, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await browser.RunAsync("peer.create()");
            await browser.OpenChannelAsync("chat");
            await CallAsync(browser);
            await browser.ChannelOpenAsync("chat");
            await browser.RunAsync("peer.close()");
        }
    }

    private async Task UntilNoSocketsAsync()
    {
        for (int i = 0; i < 400 && _sample.CountUdpSockets() > 0; i++)
        {
            await Task.Delay(100);
        }

        Assert.That(_sample.CountUdpSockets(), Is.Zero, "UDP sockets are still open 40 s after the last call");
    }
}
