using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Data channels between a browser and this library.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class DataTests(BrowserKind kind)
{
    [Test]
    public async Task Carries_text_both_ways([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);

        await call.Browser.SendAsync("data", "Grüße aus dem Browser 🦊");
        var received = await call.DotNet.NextMessageAsync(channel);
        channel.Send("Grüße aus .NET 🦊");
        var returned = await call.Browser.NextMessageAsync("data");

        Assert.That(received.IsText, Is.True);
        Assert.That(received.Text, Is.EqualTo("Grüße aus dem Browser 🦊"));
        Assert.That(returned.Text, Is.EqualTo("Grüße aus .NET 🦊"));
    }

    [Test]
    public async Task Carries_200_KB_of_binary_data_both_ways([Values] Offerer offerer)
    {
        const int Length = 200 * 1024;
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);

        await call.Browser.SendPatternAsync("data", Length);
        var received = await call.DotNet.NextMessageAsync(channel);
        channel.Send(Pattern.Make(Length));
        var returned = await call.Browser.NextMessageAsync("data");

        Assert.That(received.IsText, Is.False);
        Assert.That(received.Data.Span.SequenceEqual(Pattern.Make(Length)), Is.True);
        Assert.That(returned.Text, Is.Null);
        Assert.That(returned.Length, Is.EqualTo(Length));
        Assert.That(returned.Intact, Is.True);
    }

    [Test]
    public async Task Carries_empty_messages_both_ways([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);

        await call.Browser.SendAsync("data", "");
        await call.Browser.SendPatternAsync("data", 0);
        var text = await call.DotNet.NextMessageAsync(channel);
        var binary = await call.DotNet.NextMessageAsync(channel);
        channel.Send("");
        channel.Send([]);
        var textBack = await call.Browser.NextMessageAsync("data");
        var binaryBack = await call.Browser.NextMessageAsync("data");

        Assert.That((text.IsText, text.Data.Length), Is.EqualTo((true, 0)));
        Assert.That((binary.IsText, binary.Data.Length), Is.EqualTo((false, 0)));
        Assert.That((textBack.Text, textBack.Length), Is.EqualTo(("", 0)));
        Assert.That((binaryBack.Text, binaryBack.Length), Is.EqualTo((null as string, 0)));
    }

    [Test]
    public async Task Carries_many_messages_in_order([Values] Offerer offerer)
    {
        const int Count = 2000;
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);

        await call.Browser.RunAsync($"(() => {{ for (let i = 0; i < {Count}; i++) peer.sendText('data', String(i)); }})()");
        for (int i = 0; i < Count; i++)
        {
            var message = await call.DotNet.NextMessageAsync(channel);
            Assert.That(message.Text, Is.EqualTo($"{i}"));
            await channel.SendAsync(message.Text);
        }

        await call.Browser.RunAsync($"peer.until(() => peer.received.get('data').length === {Count}, 'all messages')");
        Assert.That(await call.Browser.Page.EvaluateAsync<bool>("() => peer.received.get('data').every((m, i) => m === String(i))"), Is.True);
    }

    [Test]
    public async Task Opens_an_unordered_channel_with_limited_retransmissions([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        if (offerer == Offerer.Browser)
        {
            await call.Browser.OpenChannelAsync("fast", "{ ordered: false, maxRetransmits: 3, protocol: 'game' }");
        }
        else
        {
            call.DotNet.CreateChannel("fast", new DataChannelOptions { Ordered = false, MaxRetransmits = 3, Protocol = "game" });
        }

        await call.ConnectAsync(offerer);
        await call.Browser.ChannelOpenAsync("fast");
        var channel = await call.DotNet.OpenChannelAsync("fast");
        string seenByBrowser = await call.Browser.Page.EvaluateAsync<string>(
            "() => { const c = peer.channels.get('fast'); return `${c.ordered} ${c.maxRetransmits} ${c.maxPacketLifeTime} ${c.protocol} ${c.id}`; }");

        Assert.That(seenByBrowser, Is.EqualTo($"false 3 null game {channel.Id}"));
        Assert.That((channel.Ordered, channel.MaxRetransmits, channel.MaxPacketLifeTime, channel.Protocol), Is.EqualTo((false, 3, null as TimeSpan?, "game")));

        await call.Browser.SendPatternAsync("fast", 5000);
        var received = await call.DotNet.NextMessageAsync(channel);
        channel.Send(received.Data.Span);
        Assert.That((await call.Browser.NextMessageAsync("fast")).Intact, Is.True);
    }

    [Test]
    public async Task Uses_a_channel_that_both_sides_have_negotiated([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.Browser.OpenChannelAsync("both", "{ negotiated: true, id: 77 }");
        call.DotNet.CreateChannel("both", new DataChannelOptions { Negotiated = true, Id = 77 });
        await call.ConnectAsync(offerer);
        await call.Browser.ChannelOpenAsync("both");
        var channel = await call.DotNet.OpenChannelAsync("both");

        await call.Browser.SendAsync("both", "there");
        Assert.That((await call.DotNet.NextMessageAsync(channel)).Text, Is.EqualTo("there"));
        channel.Send("and back");
        Assert.That((await call.Browser.NextMessageAsync("both")).Text, Is.EqualTo("and back"));
    }

    [Test]
    public async Task Closes_a_channel_and_opens_another([Values] Offerer offerer, [Values] Offerer closer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer, "first");

        if (closer == Offerer.Browser)
        {
            await call.Browser.RunAsync("peer.channels.get('first').close()");
        }
        else
        {
            channel.Close();
        }

        await call.Browser.ChannelClosedAsync("first");
        await call.DotNet.UntilAsync(() => channel.ReadyState == DataChannelState.Closed, "the channel to close");

        await call.Browser.OpenChannelAsync("second");
        var second = await call.DotNet.OpenChannelAsync("second");
        await call.Browser.ChannelOpenAsync("second");
        second.Send("still here");
        Assert.That((await call.Browser.NextMessageAsync("second")).Text, Is.EqualTo("still here"));
    }

    [Test]
    public async Task Sees_the_browser_close_the_connection([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);

        await call.Browser.RunAsync("peer.close()");

        await call.DotNet.UntilAsync(() => channel.ReadyState == DataChannelState.Closed, "the channel to close");
        await call.DotNet.UntilAsync(() => call.DotNet.Connection.Sctp!.Transport.State == DtlsTransportState.Closed, "DTLS to close");
    }

    [Test]
    public async Task Shows_the_browser_that_the_connection_is_closed([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithChannelAsync(offerer);

        call.DotNet.Connection.Close();

        await call.Browser.ChannelClosedAsync("data");
    }
}
