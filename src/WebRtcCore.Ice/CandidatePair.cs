using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// A local socket and a remote address, with what the checks have shown. One object is both the checked and the valid pair of RFC 8445:
/// it is identified by its path, and the local candidate is relabelled when an answer shows that a NAT stands in front of the socket.
/// </summary>
internal sealed class CandidatePair(int id, LocalCandidate local, IceCandidate remote, NetworkPath path)
{
    public int Id { get; } = id;

    public NetworkPath Path { get; } = path;

    public LocalCandidate Local { get; set; } = local;

    public IceCandidate Remote { get; set; } = remote;

    /// <summary>Which pairs thaw together.</summary>
    public (string Local, string Remote) Foundation { get; } = (local.Candidate.Foundation, remote.Foundation);

    public ulong Priority { get; private set; }

    /// <summary>Whether the pair is on the check list; one that was dropped may still be known to a transaction or a queue.</summary>
    public bool IsListed { get; set; }

    /// <summary>Written by <see cref="CheckList.SetState"/> only, which keeps count.</summary>
    public IceCandidatePairState State { get; set; }

    /// <summary>
    /// The number of the nomination by which the controlling agent chose the pair, and this agent has seen it work; 0 for none. Numbers above 1 are renominations.
    /// </summary>
    public uint Nomination { get; set; }

    /// <summary>The controlling agent chose the pair and this agent has seen it work.</summary>
    public bool IsNominated => Nomination > 0;

    /// <summary>The number of the controlling peer's nomination, or 0; the pair is nominated once it works.</summary>
    public uint RequestedNomination { get; set; }

    /// <summary>The peer sent an authenticated request on this path.</summary>
    public bool HasAuthenticatedRequest { get; set; }

    /// <summary>Answers that were due have stayed away for the disconnect timeout.</summary>
    public bool IsStale { get; set; }

    /// <summary>When a check was last sent.</summary>
    public Instant LastSentAt { get; set; }

    /// <summary>When a check was last answered; what consent counts from.</summary>
    public Instant LastAnswerAt { get; private set; }

    public TimeSpan? RoundTripTime { get; private set; }

    public TimeSpan? SmoothedRoundTripTime { get; private set; }

    public TimeSpan TotalRoundTripTime { get; private set; }

    public long RequestsSent { get; set; }

    public long RequestsReceived { get; set; }

    public long ResponsesSent { get; set; }

    public long ResponsesReceived { get; private set; }

    public long ConsentRequestsSent { get; set; }

    /// <summary>Whether a TCP connection carries it.</summary>
    public bool IsStream => Path.Protocol == TransportProtocol.Tcp;

    /// <summary>Whether nothing stands between: a direct path that no better one can come after.</summary>
    public bool IsHostToHost => !IsStream && Local.Candidate.Type == IceCandidateType.Host && Remote.Type == IceCandidateType.Host;

    public IceCandidatePairSnapshot ToSnapshot(bool isSelected) => new()
    {
        Id = Id,
        Local = Local.Candidate,
        Remote = Remote,
        Path = Path,
        State = State,
        Priority = Priority,
        IsNominated = IsNominated,
        IsSelected = isSelected,
        RequestsSent = RequestsSent,
        RequestsReceived = RequestsReceived,
        ResponsesSent = ResponsesSent,
        ResponsesReceived = ResponsesReceived,
        ConsentRequestsSent = ConsentRequestsSent,
        CurrentRoundTripTime = RoundTripTime,
        TotalRoundTripTime = TotalRoundTripTime,
    };

    public void UpdatePriority(IceRole role)
    {
        var (controlling, controlled) = role == IceRole.Controlling
            ? (Local.Candidate.Priority, Remote.Priority)
            : (Remote.Priority, Local.Candidate.Priority);
        Priority = CandidatePriority.ForPair(controlling, controlled);
    }

    /// <summary>Notes a valid answer; the round trip is <see langword="null"/> where a retransmission makes it ambiguous.</summary>
    public void OnAnswer(TimeSpan? roundTripTime, Instant now)
    {
        LastAnswerAt = now;
        IsStale = false;
        ResponsesReceived++;
        if (roundTripTime is { } sample)
        {
            RoundTripTime = sample;
            TotalRoundTripTime += sample;
            SmoothedRoundTripTime = SmoothedRoundTripTime is { } smoothed ? smoothed + ((sample - smoothed) / 8) : sample;
        }
    }

    /// <summary>A lite agent sends no checks: a request of the peer is the sign of life.</summary>
    public void OnSignOfLife(Instant now)
    {
        LastAnswerAt = now;
        IsStale = false;
    }
}
