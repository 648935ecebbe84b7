using System.Net;

namespace WebRtcCore.Tests.Connections;

/// <summary>Two connections that signal to each other in process and meet over loopback sockets.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    /// <summary>For failures only: a machine that has other things to do is slow.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static readonly PeerConnectionOptions LoopbackOptions = new() { LocalAddresses = [IPAddress.Loopback] };

    public PeerPair(PeerConnectionOptions? offererOptions = null, PeerConnectionOptions? answererOptions = null, PeerConnectionConfiguration? configuration = null)
        : this(new PeerConnection(configuration, offererOptions ?? LoopbackOptions), new PeerConnection(configuration, answererOptions ?? LoopbackOptions))
    {
    }

    public PeerPair(PeerConnection offerer, PeerConnection answerer)
    {
        Offerer = offerer;
        Answerer = answerer;
        Trickle(Offerer, Answerer);
        Trickle(Answerer, Offerer);
    }

    /// <summary>Whether neither side learns a candidate of the other, so that what is negotiated stays unconnected for as long as a test needs.</summary>
    public bool IsApart { get; init; }

    public PeerConnection Offerer { get; }

    public PeerConnection Answerer { get; }

    /// <summary>Completes when a predicate holds, checked at every event that <paramref name="subscribe"/> forwards.</summary>
    public static async Task When(Func<bool> predicate, Action<Action> subscribe)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (predicate())
            {
                done.TrySetResult();
            }
        }

        subscribe(Check);
        Check();
        await done.Task.WaitAsync(Limit);
    }

    public static Task WhenConnected(PeerConnection connection) =>
        WhenState(connection, PeerConnectionState.Connected);

    public static Task WhenState(PeerConnection connection, PeerConnectionState state) =>
        When(() => connection.ConnectionState == state, check => connection.ConnectionStateChange += (_, _) => check());

    public static Task WhenOpen(DataChannel channel) => When(() => channel.ReadyState == DataChannelState.Open, check => channel.Open += (_, _) => check());

    public static Task WhenClosed(DataChannel channel) =>
        When(() => channel.ReadyState == DataChannelState.Closed, check => channel.Closed += (_, _) => check());

    /// <summary>Completes with the event itself, after it has been raised; to be called before what causes it.</summary>
    public static Task NextClosed(DataChannel channel)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Closed += (_, _) => closed.TrySetResult();
        return closed.Task.WaitAsync(Limit);
    }

    public static async Task<DataChannel> NextChannel(PeerConnection connection)
    {
        var channel = new TaskCompletionSource<DataChannel>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.DataChannel += (_, e) => channel.TrySetResult(e.Channel);
        return await channel.Task.WaitAsync(Limit);
    }

    public async Task NegotiateAsync(Func<string, string>? changeOffer, Func<Task>? beforeAnswer, Func<string, string>? changeAnswer)
    {
        await Offerer.SetLocalDescriptionAsync();
        var (offer, change) = (Offerer.LocalDescription!, changeOffer ?? (sdp => sdp));
        await Answerer.SetRemoteDescriptionAsync(offer with { Sdp = change(offer.Sdp) });
        await (beforeAnswer?.Invoke() ?? Task.CompletedTask);
        await Answerer.SetLocalDescriptionAsync();
        var answer = Answerer.LocalDescription!;
        await Offerer.SetRemoteDescriptionAsync(answer with { Sdp = (changeAnswer ?? (sdp => sdp))(answer.Sdp) });
    }

    public async Task NegotiateAsync(OfferOptions? options = null)
    {
        await Offerer.SetLocalDescriptionAsync(await Offerer.CreateOfferAsync(options));
        await Answerer.SetRemoteDescriptionAsync(Show(Offerer.LocalDescription!));
        await Answerer.SetLocalDescriptionAsync();
        await Offerer.SetRemoteDescriptionAsync(Show(Answerer.LocalDescription!));
    }

    /// <summary>A description as the other side sees it: without its candidates if <see cref="IsApart"/>.</summary>
    public SessionDescription Show(SessionDescription description) => !IsApart ? description : description with
    {
        Sdp = string.Join("\r\n", description.Sdp.Split("\r\n").Where(static line => !line.StartsWith("a=candidate:", StringComparison.Ordinal) && line != "a=end-of-candidates")),
    };

    public async Task ConnectAsync()
    {
        await NegotiateAsync();
        await Task.WhenAll(WhenConnected(Offerer), WhenConnected(Answerer));
    }

    /// <summary>A connected pair with one open channel.</summary>
    public async Task<(DataChannel Local, DataChannel Remote)> OpenChannelAsync(string label = "chat", DataChannelOptions? options = null)
    {
        var incoming = NextChannel(Answerer);
        var local = Offerer.CreateDataChannel(label, options);
        if (Offerer.ConnectionState != PeerConnectionState.Connected)
        {
            await ConnectAsync();
        }

        var remote = await incoming;
        await WhenOpen(local);
        return (local, remote);
    }

    /// <summary>A channel that the answerer opens, on a connected pair.</summary>
    public async Task<(DataChannel Local, DataChannel Remote)> OpenBackAsync()
    {
        var incoming = NextChannel(Offerer);
        var local = Answerer.CreateDataChannel("back");
        var remote = await incoming;
        await WhenOpen(local);
        return (local, remote);
    }

    /// <summary>Tells each side the candidates of the other after all.</summary>
    public async Task JoinAsync()
    {
        foreach (var (from, to) in new[] { (Offerer, Answerer), (Answerer, Offerer) })
        {
            await When(() => from.IceGatheringState == IceGatheringState.Complete, check => from.IceGatheringStateChange += (_, _) => check());
            foreach (var line in from.LocalDescription!.Sdp.Split("\r\n").Where(static line => line.StartsWith("a=candidate:", StringComparison.Ordinal)))
            {
                await to.AddIceCandidateAsync(new IceCandidate { Candidate = line[2..], SdpMid = "0" });
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Offerer.DisposeAsync();
        await Answerer.DisposeAsync();
    }

    // Candidates that come before the peer has the description are kept for it, as a signalling channel in order would.
    private void Trickle(PeerConnection from, PeerConnection to)
    {
        var early = new List<IceCandidate>();
        from.IceCandidate += (_, e) =>
        {
            if (e.Candidate is null || IsApart)
            {
                return;
            }

            lock (early)
            {
                if (to.RemoteDescription is null)
                {
                    early.Add(e.Candidate);
                    return;
                }
            }

            _ = to.AddIceCandidateAsync(e.Candidate);
        };
        to.SignalingStateChange += (_, _) =>
        {
            lock (early)
            {
                if (to.SignalingState == SignalingState.Closed || to.RemoteDescription is null)
                {
                    return;
                }

                foreach (var candidate in early)
                {
                    _ = to.AddIceCandidateAsync(candidate);
                }

                early.Clear();
            }
        };
    }
}
