using WebRtcCore;

namespace Calls;

/// <summary>One call: a connection with a page or program that offers. What it carries is the sample's.</summary>
internal abstract class PeerCall : IAsyncDisposable
{
    // A browser that cannot reach this process is given up after this time, as is one that never answers.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    // A STUN server that does not answer holds up a complete answer for no longer than this.
    private static readonly TimeSpan GatheringLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begun;
    private bool _wasConnected;

    protected PeerCall(int number, CallOptions options, ILoggerFactory loggerFactory, PeerConnectionOptions? connectionOptions = null)
    {
        Number = number;
        _begun = Environment.TickCount64;
        Connection = new PeerConnection(options.Configuration, (connectionOptions ?? PeerConnectionOptions.Default) with
        {
            LocalAddresses = options.Addresses.Count > 0 ? options.Addresses : null,
            IncludeLoopback = true,
            LoggerFactory = loggerFactory,
        });
        Connection.IceGatheringStateChange += (_, _) =>
        {
            if (Connection.IceGatheringState == IceGatheringState.Complete)
            {
                _gathered.TrySetResult();
            }
        };
        Connection.IceCandidate += (_, e) =>
        {
            if (e.Candidate is not null)
            {
                CandidateGathered?.Invoke(e.Candidate);
            }
        };
    }

    /// <summary>Counts the calls of this process, from 1.</summary>
    public int Number { get; }

    /// <summary>A candidate to send to the peer; none comes before the answer that it belongs to has been given out.</summary>
    public event Action<IceCandidate>? CandidateGathered;

    /// <summary>Why the call is over, or <see langword="null"/> while it lasts.</summary>
    public string? EndReason
    {
        get
        {
            switch (Connection.ConnectionState)
            {
                case PeerConnectionState.Closed:
                    return "closed";
                case PeerConnectionState.Failed:
                    return "the connection failed";
                case PeerConnectionState.Connected:
                    _wasConnected = true;
                    break;
            }

            if (Transport?.State is DtlsTransportState.Closed)
            {
                return "the peer hung up";
            }

            return !_wasConnected && Environment.TickCount64 - _begun > ConnectLimit.TotalMilliseconds ? "no connection came about" : null;
        }
    }

    protected PeerConnection Connection { get; }

    private DtlsTransport? Transport =>
        Connection.Sctp?.Transport ?? Connection.GetTransceivers().Select(t => t.Receiver.Transport).FirstOrDefault(t => t is not null);

    /// <summary>Answers an offer. The answer is handed to <paramref name="send"/> before any of its candidates comes.</summary>
    public async Task AnswerAsync(string sdp, Action<SessionDescription> send)
    {
        await Connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Offer, sdp));
        var answer = await Connection.CreateAnswerAsync();
        send(answer);
        await Connection.SetLocalDescriptionAsync(answer);
    }

    /// <summary>Answers an offer, with all candidates in the answer.</summary>
    public async Task<SessionDescription> AnswerCompletelyAsync(SessionDescription offer, CancellationToken cancellationToken)
    {
        await Connection.SetRemoteDescriptionAsync(offer, cancellationToken);
        await Connection.SetLocalDescriptionAsync(cancellationToken);
        await Task.WhenAny(_gathered.Task, Task.Delay(GatheringLimit, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return Connection.LocalDescription ?? throw new InvalidOperationException("The connection was closed while it gathered.");
    }

    public Task AddCandidateAsync(IceCandidate? candidate) => Connection.AddIceCandidateAsync(candidate);

    public virtual ValueTask DisposeAsync() => Connection.DisposeAsync();
}
