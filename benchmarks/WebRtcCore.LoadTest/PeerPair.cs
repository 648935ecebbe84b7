using System.Net;

namespace WebRtcCore.LoadTest;

/// <summary>Two connections in this process, over 127.0.0.1, with trickled candidates and one data channel.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private PeerPair(PeerConnection near, PeerConnection far)
    {
        Near = near;
        Far = far;
    }

    /// <summary>The side that offers.</summary>
    public PeerConnection Near { get; }

    /// <summary>The side that answers.</summary>
    public PeerConnection Far { get; }

    /// <summary>The open channel, seen from the side that created it.</summary>
    public DataChannel NearChannel { get; private set; } = null!;

    /// <summary>The open channel, seen from the other side.</summary>
    public DataChannel FarChannel { get; private set; } = null!;

    /// <summary>A pair whose channel is open on both sides.</summary>
    /// <param name="configure">Changes the options of both sides.</param>
    /// <param name="prepare">Called before the offer is made, to add media.</param>
    public static async Task<PeerPair> ConnectAsync(Func<PeerConnectionOptions, PeerConnectionOptions>? configure = null, Action<PeerPair>? prepare = null)
    {
        var options = new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] };
        options = configure?.Invoke(options) ?? options;
        var pair = new PeerPair(new PeerConnection(null, options), new PeerConnection(null, options));
        try
        {
            prepare?.Invoke(pair);
            await pair.ConnectChannelAsync().WaitAsync(Patience);
            return pair;
        }
        catch (Exception exception)
        {
            var states = $"near: {Describe(pair.Near)}; far: {Describe(pair.Far)}";
            await pair.DisposeAsync();
            throw new InvalidOperationException($"The pair did not connect ({states}).", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Near.DisposeAsync();
        await Far.DisposeAsync();
    }

    private async Task ConnectChannelAsync()
    {
        var towardsFar = new CandidateRelay(Near, Far);
        var towardsNear = new CandidateRelay(Far, Near);
        var incoming = new TaskCompletionSource<DataChannel>(TaskCreationOptions.RunContinuationsAsynchronously);
        Far.DataChannel += (_, e) => incoming.TrySetResult(e.Channel);
        NearChannel = Near.CreateDataChannel("load");
        var nearOpen = WhenOpen(NearChannel);

        await Near.SetLocalDescriptionAsync();
        await Far.SetRemoteDescriptionAsync(Near.LocalDescription!);
        towardsFar.Open();
        await Far.SetLocalDescriptionAsync();
        await Near.SetRemoteDescriptionAsync(Far.LocalDescription!);
        towardsNear.Open();

        FarChannel = await incoming.Task;
        await WhenOpen(FarChannel);
        await nearOpen;
        await towardsFar.CheckAsync();
        await towardsNear.CheckAsync();
    }

    private static string Describe(PeerConnection connection) =>
        $"signaling {connection.SignalingState}, ICE {connection.IceConnectionState}, connection {connection.ConnectionState}, SCTP {connection.Sctp?.State}";

    private static Task WhenOpen(DataChannel channel)
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Open += (_, _) => open.TrySetResult();
        channel.Closed += (_, _) => open.TrySetException(new InvalidOperationException("The channel closed before it opened."));
        if (channel.ReadyState == DataChannelState.Open)
        {
            open.TrySetResult();
        }

        return open.Task;
    }
}
