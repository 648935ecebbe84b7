using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EchoPeer;
using Microsoft.Extensions.Logging.Abstractions;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>The .NET side of an interop test: a connection on loopback that gathers completely before it hands out a description.</summary>
internal sealed class DotNetPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestLog _log = new();
    private readonly ConcurrentDictionary<string, DataChannel> _channels = [];
    private readonly ConcurrentDictionary<DataChannel, IAsyncEnumerator<DataChannelMessage>> _readers = [];

    public DotNetPeer(PeerConnectionOptions? options = null, PeerConnectionConfiguration? configuration = null)
    {
        Connection = new PeerConnection(configuration, (options ?? PeerConnectionOptions.Default) with { LocalAddresses = [IPAddress.Loopback], LoggerFactory = _log });
        Connection.DataChannel += (_, e) => _channels[e.Channel.Label] = e.Channel;
    }

    /// <summary>Takes over a connection that the test has made.</summary>
    public DotNetPeer(PeerConnection connection)
    {
        Connection = connection;
        Connection.DataChannel += (_, e) => _channels[e.Channel.Label] = e.Channel;
    }

    public PeerConnection Connection { get; }

    /// <summary>Whether the connection has logged something with <paramref name="text"/> in it.</summary>
    public bool HasLogged(string text) => _log.Contains(text);

    /// <summary>Echoes tracks and messages, with the code of the sample.</summary>
    public DotNetPeer WithEcho()
    {
        Echo.Attach(Connection, NullLogger.Instance);
        return this;
    }

    public DataChannel CreateChannel(string label, DataChannelOptions? options = null) =>
        _channels[label] = Connection.CreateDataChannel(label, options);

    public async Task<string> OfferAsync(bool iceRestart = false)
    {
        var offer = await Connection.CreateOfferAsync(new OfferOptions { IceRestart = iceRestart });
        await Connection.SetLocalDescriptionAsync(offer);
        return await CompleteDescriptionAsync();
    }

    public async Task<string> AcceptOfferAsync(string json)
    {
        await Connection.SetRemoteDescriptionAsync(SessionDescription.FromJson(json));
        await Connection.SetLocalDescriptionAsync();
        return await CompleteDescriptionAsync();
    }

    public Task AcceptAnswerAsync(string json) => Connection.SetRemoteDescriptionAsync(SessionDescription.FromJson(json));

    /// <summary>The open channel with this label, whoever has opened it.</summary>
    public async Task<DataChannel> OpenChannelAsync(string label)
    {
        await UntilAsync(() => _channels.TryGetValue(label, out var c) && c.ReadyState == DataChannelState.Open, $"channel {label} to open");
        return _channels[label];
    }

    public Task ConnectedAsync() => UntilAsync(() => Connection.ConnectionState == PeerConnectionState.Connected, "the connection");

    /// <summary>The one statistics entry of a type, as soon as it is there: that of a stream comes with its first packet.</summary>
    public async Task<TStats> StatsAsync<TStats>()
        where TStats : RtcStats
    {
        TStats? only = null;
        await UntilAsync(async () => (only = (await Connection.GetStatsAsync()).GetAll<TStats>().SingleOrDefault()) is not null, () => $"an entry of {typeof(TStats).Name}");
        return only!;
    }

    public async Task<DataChannelMessage> NextMessageAsync(DataChannel channel)
    {
        var reader = _readers.GetOrAdd(channel, c => c.ReadAllAsync().GetAsyncEnumerator());
        Assert.That(await reader.MoveNextAsync().AsTask().WaitAsync(Patience), Is.True, "the channel is closed");
        return reader.Current;
    }

    /// <summary>Waits until the one statistics entry of a type is as it should be.</summary>
    public async Task UntilAsync<TStats>(Func<TStats, bool> predicate, string what)
        where TStats : RtcStats
    {
        var watch = Stopwatch.StartNew();
        for (var stats = await StatsAsync<TStats>(); !predicate(stats); stats = await StatsAsync<TStats>())
        {
            if (watch.Elapsed > Patience)
            {
                Assert.Fail($"waited {Patience.TotalSeconds} s for {what}: {stats}");
            }

            await Task.Delay(50);
        }
    }

    public Task UntilAsync(Func<bool> predicate, string what) => UntilAsync(() => Task.FromResult(predicate()), () => what);

    /// <summary>Waits for what takes time to look at, or whose description tells how far it has come.</summary>
    public async Task UntilAsync(Func<Task<bool>> predicate, Func<string> what)
    {
        var watch = Stopwatch.StartNew();
        while (!await predicate())
        {
            if (watch.Elapsed > Patience)
            {
                Assert.Fail($"waited {Patience.TotalSeconds} s for {what()}; connection {Connection.ConnectionState}, ICE {Connection.IceConnectionState}, signalling {Connection.SignalingState}");
            }

            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        foreach (var reader in _readers.Values)
        {
            await reader.DisposeAsync();
        }

        _log.Dispose();
    }

    private async Task<string> CompleteDescriptionAsync()
    {
        await UntilAsync(() => Connection.IceGatheringState == IceGatheringState.Complete, "gathering");
        return Connection.LocalDescription!.ToJson();
    }
}
