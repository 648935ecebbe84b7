using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>I-DATA (RFC 8260): Firefox offers it, Chromium does not.</summary>
[TestFixture]
internal sealed class InterleavingTests
{
    private const int Large = 2_000_000;
    private static readonly PeerConnectionOptions Options = PeerConnectionOptions.Default with { MaxMessageSize = 2 * Large };

    [Test]
    public async Task Firefox_gets_a_small_message_before_a_large_one_sent_earlier_on_another_channel([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        await using var call = await Call.OpenAsync(BrowserKind.Firefox, Options, relay: relay);
        var large = await call.ConnectWithChannelAsync(offerer, "large");
        call.DotNet.CreateChannel("small");
        var small = await call.DotNet.OpenChannelAsync("small");
        await call.Browser.ChannelOpenAsync("small");
        await call.Browser.RunAsync("(() => { peer.order = []; for (const [label, c] of peer.channels) c.addEventListener('message', () => peer.order.push(label)); })()");

        large.Send(Pattern.Make(Large));
        small.Send(new byte[64]);
        await call.Browser.RunAsync("peer.until(() => peer.order.length === 2, 'both messages')");

        Assert.That(await call.Browser.Page.EvaluateAsync<string>("() => peer.order.join()"), Is.EqualTo("small,large"));
        var message = await call.Browser.NextMessageAsync("large");
        Assert.That((message.Length, message.Intact), Is.EqualTo((Large, true)));
        Assert.That(call.DotNet.HasLogged("interleaving True"), Is.True);
    }

    [Test]
    public async Task Firefox_sends_a_small_message_before_the_end_of_a_large_one_on_another_channel([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        await using var call = await Call.OpenAsync(BrowserKind.Firefox, Options, relay: relay);
        var large = await call.ConnectWithChannelAsync(offerer, "large");
        call.DotNet.CreateChannel("small");
        var small = await call.DotNet.OpenChannelAsync("small");
        await call.Browser.ChannelOpenAsync("small");
        var order = new System.Collections.Concurrent.ConcurrentQueue<(string Label, int Length)>();
        large.Message += (_, e) => order.Enqueue(("large", e.Message.Data.Length));
        small.Message += (_, e) => order.Enqueue(("small", e.Message.Data.Length));

        await call.Browser.RunAsync($"(() => {{ peer.sendBinary('large', {Large}); peer.sendBinary('small', 64); }})()");
        await call.DotNet.UntilAsync(() => order.Count == 2, "both messages");

        Assert.That(order, Is.EqualTo(new[] { ("small", 64), ("large", Large) }));
    }

    [Test]
    public async Task Chromium_gets_everything_without_interleaving([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(BrowserKind.Chromium);
        var large = await call.ConnectWithChannelAsync(offerer, "large");
        call.DotNet.CreateChannel("small");
        var small = await call.DotNet.OpenChannelAsync("small");
        await call.Browser.ChannelOpenAsync("small");

        large.Send(Pattern.Make(200_000));
        small.Send(Pattern.Make(64));

        Assert.That((await call.Browser.NextMessageAsync("large")).Intact, Is.True);
        Assert.That((await call.Browser.NextMessageAsync("small")).Intact, Is.True);
        Assert.That(call.DotNet.HasLogged("interleaving False"), Is.True);
        Assert.That(call.DotNet.HasLogged("interleaving True"), Is.False);
    }

    // 50 ms each way: before the large message can be through, there is time for the small one even if a busy machine stops between the two.
    private static UdpRelay NewRelay()
    {
        var relay = new UdpRelay();
        relay.ToDotNet.Delay = relay.ToBrowser.Delay = TimeSpan.FromMilliseconds(50);
        return relay;
    }
}
