using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>What an <see cref="IceAgent"/> has to tell. <see cref="Kind"/> says which of the other members are set.</summary>
public readonly record struct IceEvent
{
    /// <summary>What happened.</summary>
    public required IceEventKind Kind { get; init; }

    /// <summary>The candidate of <see cref="IceEventKind.CandidateGathered"/> and <see cref="IceEventKind.RemoteCandidateDiscovered"/>.</summary>
    public IceCandidate? Candidate { get; init; }

    /// <summary>The new state of <see cref="IceEventKind.StateChanged"/>.</summary>
    public IceAgentState State { get; init; }

    /// <summary>The new state of <see cref="IceEventKind.GatheringStateChanged"/>.</summary>
    public IceGatheringState GatheringState { get; init; }

    /// <summary>
    /// The path of <see cref="IceEventKind.SelectedPathChanged"/>, <see langword="null"/> if there is none any more, and of <see cref="IceEventKind.PairNominated"/>.
    /// </summary>
    public NetworkPath? Path { get; init; }

    /// <summary>The new role of <see cref="IceEventKind.RoleChanged"/>.</summary>
    public IceRole Role { get; init; }

    /// <summary>The URL of the server of <see cref="IceEventKind.GatheringFailed"/>, as it was given.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The server's words in <see cref="IceEventKind.GatheringFailed"/>, or ours where it has not said anything.</summary>
    public string? ErrorText { get; init; }

    /// <summary>The server and the socket of <see cref="IceEventKind.GatheringFailed"/>.</summary>
    public NetworkPath? ServerPath { get; init; }

    /// <summary>The STUN error code of <see cref="IceEventKind.GatheringFailed"/>, or 701 (W3C) if the server did not answer.</summary>
    public int ErrorCode { get; init; }
}
