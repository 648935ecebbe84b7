using WebRtcCore;

namespace EchoPeer;

/// <summary>One call: a connection whose peer hears, sees and reads itself.</summary>
internal sealed class EchoCall : IAsyncDisposable
{
    // A browser that cannot reach this process is given up after this time, as is one that never answers.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    // A STUN server that does not answer holds up a complete answer for no longer than this.
    private static readonly TimeSpan GatheringLimit = TimeSpan.FromSeconds(5);

    private readonly PeerConnection _connection;
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begun;
    private bool _wasConnected;

    public EchoCall(int number, EchoOptions options, ILoggerFactory loggerFactory)
    {
        Number = number;
        _begun = Environment.TickCount64;
        _connection = new PeerConnection(options.Configuration, new PeerConnectionOptions
        {
            LocalAddresses = options.Addresses.Count > 0 ? options.Addresses : null,
            IncludeLoopback = true,
            LoggerFactory = loggerFactory,
        });
        Echo.Attach(_connection, loggerFactory.CreateLogger<Echo>());
        _connection.IceGatheringStateChange += (_, _) =>
        {
            if (_connection.IceGatheringState == IceGatheringState.Complete)
            {
                _gathered.TrySetResult();
            }
        };
        _connection.IceCandidate += (_, e) =>
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
            switch (_connection.ConnectionState)
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

    private DtlsTransport? Transport =>
        _connection.Sctp?.Transport ?? _connection.GetTransceivers().Select(t => t.Receiver.Transport).FirstOrDefault(t => t is not null);

    /// <summary>Answers an offer. The answer is handed to <paramref name="send"/> before any of its candidates comes.</summary>
    public async Task AnswerAsync(string sdp, Action<SessionDescription> send)
    {
        await _connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Offer, sdp));
        var answer = await _connection.CreateAnswerAsync();
        send(answer);
        await _connection.SetLocalDescriptionAsync(answer);
    }

    /// <summary>Answers an offer, with all candidates in the answer.</summary>
    public async Task<SessionDescription> AnswerCompletelyAsync(SessionDescription offer, CancellationToken cancellationToken)
    {
        await _connection.SetRemoteDescriptionAsync(offer, cancellationToken);
        await _connection.SetLocalDescriptionAsync(cancellationToken);
        await Task.WhenAny(_gathered.Task, Task.Delay(GatheringLimit, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return _connection.LocalDescription ?? throw new InvalidOperationException("The connection was closed while it gathered.");
    }

    public Task AddCandidateAsync(IceCandidate? candidate) => _connection.AddIceCandidateAsync(candidate);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
