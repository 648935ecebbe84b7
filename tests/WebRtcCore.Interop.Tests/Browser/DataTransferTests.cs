using System.Diagnostics;
using System.Security.Cryptography;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Much data, many channels, and messages of every size between a browser and this library.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class DataTransferTests(BrowserKind kind)
{
    private const int PieceLength = 65_536;

    private static readonly int FileLength = LongRun.Choose(20_000_000, 200_000_000);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(LongRun.Choose(60, 300));

    [Test]
    public async Task Carries_a_large_file_from_the_browser([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var patience = new CancellationTokenSource(Patience);
        await using var stream = channel.AsStream();
        var sent = call.Browser.Page.EvaluateAsync<string>($"() => peer.sendFile('data', {FileLength}, {PieceLength})");
        var watch = Stopwatch.StartNew();
        var buffer = new byte[PieceLength];
        for (int left = FileLength; left > 0;)
        {
            int count = await stream.ReadAsync(buffer, patience.Token);
            Assert.That(count, Is.GreaterThan(0), $"the channel ended {left} bytes too early");
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        Report("to .NET", watch.Elapsed);
        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset()), Is.EqualTo(await sent));
    }

    [Test]
    public async Task Carries_a_large_file_to_the_browser([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);
        byte[] content = new byte[FileLength];
        new Random(1).NextBytes(content);
        string digest = Convert.ToHexStringLower(SHA256.HashData(content));
        await call.Browser.RunAsync($"peer.receiveFile('data', {FileLength})");
        var watch = Stopwatch.StartNew();
        var received = call.Browser.Page.EvaluateAsync<string>($"() => peer.fileReceived('data', {Patience.TotalSeconds})");
        using var patience = new CancellationTokenSource(Patience);
        for (int offset = 0; offset < content.Length; offset += PieceLength)
        {
            await channel.SendAsync(content.AsMemory(offset, Math.Min(PieceLength, content.Length - offset)), patience.Token);
        }

        // All is acknowledged when the channel is closed; the page may still be handing the last of it to its handler.
        await channel.CloseAsync(patience.Token);
        Report("to the browser", watch.Elapsed);
        Assert.That(await received, Is.EqualTo(digest));
    }

    [Test]
    public async Task Opens_and_closes_a_thousand_channels([Values] Offerer offerer)
    {
        // Chromium has ids up to 1,023, half of them for each side: a hundred at a time.
        const int Rounds = 10;
        const int PerRound = 100;
        await using var call = await Call.OpenAsync(kind);
        var keep = await call.ConnectWithChannelAsync(offerer, "keep");
        var channels = new List<DataChannel>();
        call.DotNet.Connection.DataChannel += (_, e) =>
        {
            lock (channels)
            {
                channels.Add(e.Channel);
            }

            e.Channel.Message += (_, m) => e.Channel.Send(m.Message.Text);
        };
        for (int round = 0; round < Rounds; round++)
        {
            lock (channels)
            {
                channels.Clear();
            }

            await call.Browser.RunAsync($$"""
                (async () => {
                  peer.many = Array.from({ length: {{PerRound}} }, (_, i) => peer.pc.createDataChannel(`many ${i}`));
                  for (const channel of peer.many) {
                    channel.onmessage = (e) => { channel.answer = e.data; };
                    channel.onopen = () => channel.send(channel.label);
                  }
                  await peer.until(() => peer.many.every((c) => c.answer === c.label), 'the answers on all channels');
                })()
                """);
            var closing = Task.CompletedTask;
            if (round % 2 == 0)
            {
                await call.Browser.RunAsync("peer.many.forEach((c) => c.close())");
            }
            else
            {
                closing = Task.WhenAll(channels.Select(c => c.CloseAsync()));
            }

            await call.Browser.RunAsync("peer.until(() => peer.many.every((c) => c.readyState === 'closed'), 'all channels to close')");
            await closing;
            await call.DotNet.UntilAsync(() => channels.Count == PerRound && channels.TrueForAll(c => c.ReadyState == DataChannelState.Closed), "all channels to close");
        }

        keep.Send("still here");
        Assert.That((await call.Browser.NextMessageAsync("keep")).Text, Is.EqualTo("still here"));
    }

    [Test]
    public async Task Opens_and_closes_channels_that_the_browser_did_not_ask_for([Values] Offerer offerer)
    {
        const int Count = 200;
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithChannelAsync(offerer, "keep");
        for (int round = 0; round < 5; round++)
        {
            var channels = Enumerable.Range(0, Count).Select(i => call.DotNet.Connection.CreateDataChannel($"{round} {i}")).ToList();
            await call.DotNet.UntilAsync(() => channels.TrueForAll(c => c.ReadyState == DataChannelState.Open), "all channels to open");
            await call.Browser.RunAsync($"peer.until(() => [...peer.channels.keys()].filter((l) => l.startsWith('{round} ')).length === {Count}, 'all channels')");
            await Task.WhenAll(channels.Select(c => c.CloseAsync())).WaitAsync(Patience);
            await call.Browser.RunAsync($"peer.until(() => [...peer.channels.values()].every((c) => c.label === 'keep' || c.readyState === 'closed'), 'all channels to close')");
        }
    }

    [Test]
    public async Task Carries_messages_of_every_size_and_refuses_one_byte_more([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        var channel = await call.ConnectWithChannelAsync(offerer);
        int largest = (int)call.DotNet.Connection.Sctp!.MaxMessageSize;
        int browsersLargest = await call.Browser.Page.EvaluateAsync<int>("() => Math.min(peer.pc.sctp.maxMessageSize, 2 ** 30)");
        TestContext.Out.WriteLine($"{kind} takes {largest:N0} bytes, sends {browsersLargest:N0}, and has {call.DotNet.Connection.Sctp.MaxChannels:N0} streams");
        Assert.That(browsersLargest, Is.EqualTo(PeerConnectionOptions.Default.MaxMessageSize));
        foreach (int length in new[] { 0, 1, 1200, 65_535, 65_536, 262_144, largest })
        {
            channel.Send(Pattern.Make(length));
            var received = await call.Browser.NextMessageAsync("data");
            Assert.That((received.Length, received.Intact), Is.EqualTo((length, true)));
        }

        foreach (int length in new[] { 0, 1, 1200, 65_535, 65_536, browsersLargest })
        {
            await call.Browser.SendPatternAsync("data", length);
            var received = await call.DotNet.NextMessageAsync(channel);
            Assert.That(received.Data.Span.SequenceEqual(Pattern.Make(length)), Is.True, $"{length} bytes");
        }

        Assert.That(() => channel.Send(new byte[largest + 1]), Throws.ArgumentException.With.Message.Contains($"{largest:N0}"));
        string error = await call.Browser.Page.EvaluateAsync<string>($"() => {{ try {{ peer.sendBinary('data', {browsersLargest + 1}); return 'sent'; }} catch (e) {{ return e.name; }} }}");
        Assert.That(error, Is.EqualTo("TypeError"));
        channel.Send("still open");
        Assert.That((await call.Browser.NextMessageAsync("data")).Text, Is.EqualTo("still open"));
    }

    private void Report(string direction, TimeSpan time) => TestContext.Progress.WriteLine(
        $"{kind}: {FileLength / 1_000_000} MB {direction} in {time.TotalSeconds:F1} s, {FileLength * 8L / time.TotalSeconds / 1e6:F0} Mbit/s");
}
