using System.Collections.Concurrent;
using System.Globalization;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Data channels between a browser and this library, set up and used over a network that loses datagrams of every kind.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class DataLossTests(BrowserKind kind)
{
    [Test]
    public async Task Carries_a_megabyte_in_order_through_loss([Values] Offerer offerer)
    {
        const int Count = 16;
        const int Length = 64 * 1024;
        using var relay = NewRelay(0.05);
        await using var call = await Call.OpenAsync(kind, relay: relay);
        var channel = await call.ConnectWithChannelAsync(offerer);

        for (int i = 0; i < Count; i++)
        {
            await call.Browser.SendPatternAsync("data", Length + i);
            channel.Send(Pattern.Make(Length + i));
        }

        for (int i = 0; i < Count; i++)
        {
            var received = await call.DotNet.NextMessageAsync(channel);
            Assert.That(received.Data.Span.SequenceEqual(Pattern.Make(Length + i)), Is.True, $"message {i} to .NET");
            var returned = await call.Browser.NextMessageAsync("data");
            Assert.That((returned.Length, returned.Intact), Is.EqualTo((Length + i, true)), $"message {i} to the browser");
        }

        // One in twenty, of a thousand packets or, where they may be larger than 1,200 bytes, some fewer.
        Assert.That(relay.ToDotNet.Lost, Is.GreaterThan(20));
        Assert.That(relay.ToBrowser.Lost, Is.GreaterThan(20));
    }

    [Test]
    public async Task Loses_but_never_harms_messages_that_are_not_to_be_sent_again([Values] Offerer offerer)
    {
        const int Count = 400;
        const int Shortest = 500;
        using var relay = NewRelay(0);
        await using var call = await Call.OpenAsync(kind, relay: relay);
        await call.Browser.OpenChannelAsync("fast", "{ ordered: false, maxRetransmits: 0 }");
        var end = await call.ConnectWithChannelAsync(offerer, "end");
        await call.Browser.ChannelOpenAsync("fast");
        var fast = await call.DotNet.OpenChannelAsync("fast");
        ConcurrentQueue<DataChannelMessage> received = [];
        fast.Message += (_, e) => received.Enqueue(e.Message);

        // Where the first message after a lost DATA_CHANNEL_ACK is lost, Firefox may never send a FORWARD TSN and stalls: the loss begins later.
        await call.Browser.SendPatternAsync("fast", Shortest - 1);
        await call.DotNet.UntilAsync(() => !received.IsEmpty, "the first message");
        relay.ToDotNet.LossRate = relay.ToBrowser.LossRate = 0.1;

        // A message's length is its number.
        await call.Browser.RunAsync($"(() => {{ for (let i = 0; i < {Count}; i++) peer.sendBinary('fast', {Shortest} + i); }})()");
        for (int i = 0; i < Count; i++)
        {
            fast.Send(Pattern.Make(Shortest + i));
        }

        // Then a last one on another channel, which is sent again until it has arrived: by then all others have arrived, or never will.
        await call.Browser.RunAsync("peer.until(() => peer.channels.get('fast').bufferedAmount === 0, 'everything to be sent')");
        await call.DotNet.UntilAsync(() => fast.BufferedAmount == 0, "everything to be sent");
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        end.Message += (_, _) => ended.TrySetResult();
        await call.Browser.SendAsync("end", "to .NET");
        end.Send("to the browser");
        Assert.That((await call.Browser.NextMessageAsync("end")).Text, Is.EqualTo("to the browser"));
        await call.DotNet.UntilAsync(() => ended.Task.IsCompleted, "the last message");

        var toDotNet = received.Skip(1).Select(m => m.Data.Length).ToArray();
        var toBrowser = await call.Browser.Page.EvaluateAsync<int[]>("() => peer.received.get('fast').map((m) => m.byteLength)");
        Assert.That(received.All(m => m.Data.Span.SequenceEqual(Pattern.Make(m.Data.Length))), Is.True);
        await NoneOfTheBrowsersIsHarmedAsync(call.Browser, toBrowser.Length);
        TestContext.Out.WriteLine($"of {Count}: {toDotNet.Length} to .NET, {toBrowser.Length} to the browser");
        foreach (int[] lengths in new[] { toDotNet, toBrowser })
        {
            Assert.That(lengths, Is.Unique);
            Assert.That(lengths, Is.All.InRange(Shortest, Shortest + Count - 1));
            Assert.That(lengths, Has.Length.InRange(Count / 2, Count - 1));
        }
    }

    [Test]
    public async Task Comes_back_after_a_blackout([Values] Offerer offerer)
    {
        using var relay = NewRelay(0);
        await using var call = await Call.OpenAsync(kind, relay: relay);
        var channel = await call.ConnectWithChannelAsync(offerer);

        relay.ToBrowser.IsBlackout = relay.ToDotNet.IsBlackout = true;
        channel.Send("to the browser");
        await call.Browser.SendAsync("data", "to .NET");
        await call.DotNet.UntilAsync(() => call.DotNet.Connection.IceConnectionState == IceConnectionState.Disconnected, "the loss to be noticed");
        relay.ToBrowser.IsBlackout = relay.ToDotNet.IsBlackout = false;

        Assert.That((await call.DotNet.NextMessageAsync(channel)).Text, Is.EqualTo("to .NET"));
        Assert.That((await call.Browser.NextMessageAsync("data")).Text, Is.EqualTo("to the browser"));
        await call.DotNet.ConnectedAsync();
        await call.Browser.ConnectedAsync();
    }

    private static async Task NoneOfTheBrowsersIsHarmedAsync(BrowserPeer browser, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var message = await browser.NextMessageAsync("fast");
            Assert.That(message.Intact, Is.True, message.Length.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static UdpRelay NewRelay(double lossRate)
    {
        var relay = new UdpRelay();
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.LossRate = lossRate;
            direction.Delay = TimeSpan.FromMilliseconds(10);
        }

        return relay;
    }
}
