using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WebRtcCore;

namespace IceTrickle;

/// <summary>Gathers candidates with a connection that is never connected, and tells what happens as it happens.</summary>
internal sealed class Gathering(TrickleRequest request, PeerConnectionOptions options, TimeSpan timeLimit)
{
    private readonly Channel<TrickleEvent> _events = Channel.CreateBounded<TrickleEvent>(1000);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The events: candidates and errors, then a verdict on each server, then the end.</summary>
    /// <exception cref="ArgumentException">A URL is malformed.</exception>
    public async IAsyncEnumerable<TrickleEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new List<TrickleEvent>();
        await using var connection = new PeerConnection(request.ToConfiguration(), options);
        connection.IceCandidate += (_, e) =>
        {
            if (e.Candidate is null)
            {
                _events.Writer.TryComplete();
            }
            else
            {
                _events.Writer.TryWrite(TrickleEvent.Of(e.Candidate, Now()));
            }
        };
        connection.IceCandidateError += (_, e) => _events.Writer.TryWrite(new TrickleEvent
        {
            Event = TrickleEvent.ErrorKind,
            TimeMs = Now(),
            Url = e.Url,
            Code = e.ErrorCode,
            Text = e.ErrorText,
            Address = e.LocalAddress?.Address.ToString(),
            Port = e.LocalAddress?.Port,
        });

        // Something must be negotiated to be gathered for.
        connection.CreateDataChannel("candidates");
        _watch.Restart();
        await connection.SetLocalDescriptionAsync(cancellationToken);
        using var limit = new CancellationTokenSource(timeLimit);
        using var registration = limit.Token.Register(() => _events.Writer.TryComplete());
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken))
        {
            seen.Add(happened);
            yield return happened;
        }

        var isComplete = connection.IceGatheringState == IceGatheringState.Complete;
        var verdicts = request.Servers.Select(server => Judge(server, seen, isComplete)).ToArray();
        foreach (var verdict in verdicts)
        {
            yield return verdict;
        }

        yield return new TrickleEvent
        {
            Event = TrickleEvent.EndKind,
            TimeMs = Now(),
            Ok = Array.TrueForAll(verdicts, verdict => verdict.Ok == true),
            Text = isComplete ? "Gathering is complete." : "Time is up.",
        };
    }

    private double Now() => Math.Round(_watch.Elapsed.TotalMilliseconds, 1);

    // A TURN server should give a relayed candidate. A STUN server should give a server-reflexive one; without a NAT that is the host candidate itself, which is not
    // told twice, so that silence to the end without an error is success too.
    private TrickleEvent Judge(TrickleServer server, List<TrickleEvent> seen, bool isComplete)
    {
        var wanted = server.Url.StartsWith("turn", StringComparison.OrdinalIgnoreCase) ? "relay" : "srflx";
        var found = seen.Exists(e => e.Event == TrickleEvent.CandidateKind && e.Url == server.Url && e.Type == wanted);
        var error = seen.Find(e => e.Event == TrickleEvent.ErrorKind && e.Url == server.Url);
        var isRedundant = wanted == "srflx" && isComplete && error is null && !request.RelayOnly;
        var text = found ? $"gave a {wanted} candidate"
            : isRedundant ? "answered: there is no NAT in between"
            : error is not null ? $"failed: {error.Code} {error.Text}"
            : request.RelayOnly && wanted == "srflx" ? "is not asked with --relay-only"
            : "did not answer in time";
        return new TrickleEvent { Event = TrickleEvent.ServerKind, TimeMs = Now(), Url = server.Url, Ok = found || isRedundant, Code = found ? null : error?.Code, Text = text };
    }
}
