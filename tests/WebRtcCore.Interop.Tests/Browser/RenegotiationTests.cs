using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Second rounds of offer and answer on a running connection, from either side.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class RenegotiationTests(BrowserKind kind)
{
    [Test]
    public async Task Adds_video_to_a_data_connection([Values] Offerer first, [Values] Offerer second)
    {
        await using var call = await Call.OpenAsync(kind);
        call.DotNet.WithEcho();
        if (first == Offerer.Browser)
        {
            await call.Browser.OpenChannelAsync("data");
        }
        else
        {
            call.DotNet.CreateChannel("data");
        }

        await call.ConnectAsync(first);
        await call.Browser.ChannelOpenAsync("data");
        if (second == Offerer.Browser)
        {
            await call.Browser.AddMediaAsync(BrowserPeer.Video);
        }
        else
        {
            call.DotNet.Connection.AddTransceiver(MediaKind.Video);
        }

        await call.NegotiateAsync(second, BrowserPeer.Video);

        await call.Browser.FramesGrowAsync();
        Assert.That((await call.DotNet.OpenChannelAsync("data")).ReadyState, Is.EqualTo(DataChannelState.Open));
    }

    [Test]
    public async Task Adds_video_to_an_audio_connection([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(offerer, video: false);
        await call.Browser.AudioGrowsAsync();

        await call.Browser.AddMediaAsync(BrowserPeer.Video);
        await call.NegotiateAsync(Offerer.Browser);

        await call.Browser.FramesGrowAsync();
        await call.Browser.AudioGrowsAsync();
    }

    [Test]
    public async Task Restarts_ICE_under_running_media_and_data([Values] Offerer first, [Values] Offerer second)
    {
        await using var call = await Call.OpenAsync(kind);
        if (first == Offerer.Browser)
        {
            await call.Browser.OpenChannelAsync("data");
        }
        else
        {
            call.DotNet.CreateChannel("data");
        }

        await call.ConnectWithEchoedMediaAsync(first, audio: false);
        await call.Browser.FramesGrowAsync();
        string before = UsernameFragment(call.DotNet.Connection);

        await call.NegotiateAsync(second, iceRestart: true);
        string after = UsernameFragment(call.DotNet.Connection);

        Assert.That(after, Is.Not.EqualTo(before));
        await call.DotNet.UntilAsync(
            () => call.DotNet.Connection.IceConnectionState is IceConnectionState.Connected or IceConnectionState.Completed, "ICE to connect again");
        await call.Browser.FramesGrowAsync();
        var channel = await call.DotNet.OpenChannelAsync("data");
        channel.Send("after the restart");
        Assert.That((await call.Browser.NextMessageAsync("data")).Text, Is.EqualTo("after the restart"));
    }

    [Test]
    public async Task Holds_and_resumes_video()
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(Offerer.Browser, audio: false);
        await call.Browser.FramesGrowAsync();

        await call.Browser.RunAsync("(() => { peer.pc.getTransceivers()[0].direction = 'inactive'; })()");
        await call.NegotiateAsync(Offerer.Browser);
        Assert.That(call.DotNet.Connection.GetTransceivers()[0].CurrentDirection, Is.EqualTo(RtpTransceiverDirection.Inactive));

        await call.Browser.RunAsync("(() => { peer.pc.getTransceivers()[0].direction = 'sendrecv'; })()");
        await call.NegotiateAsync(Offerer.Browser);
        Assert.That(call.DotNet.Connection.GetTransceivers()[0].CurrentDirection, Is.EqualTo(RtpTransceiverDirection.SendRecv));
        await call.Browser.FramesGrowAsync();
    }

    private static string UsernameFragment(PeerConnection connection) =>
        connection.LocalDescription!.Sdp.Split("\r\n").First(l => l.StartsWith("a=ice-ufrag:", StringComparison.Ordinal));
}
