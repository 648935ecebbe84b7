namespace WebRtcCore.Session.Negotiation;

/// <summary>What applying a description has changed: for the loop, and for the events that follow.</summary>
internal sealed record DescriptionChanges
{
    /// <summary>Whether <c>signalingstatechange</c> is to be raised.</summary>
    public bool SignalingStateChanged { get; init; }

    /// <summary>What the session must know now.</summary>
    public required NegotiatedSession Session { get; init; }

    /// <summary>The applied local description carries other ICE credentials than before: the agent restarts with them.</summary>
    public IceParameters? NewLocalIce { get; init; }

    /// <summary>Tracks that begin to come: <c>track</c> is raised for each, in m-line order.</summary>
    public IReadOnlyList<TrackEventArgs> AddedTracks { get; init; } = [];

    /// <summary>Receivers whose tracks no longer come: their tracks are muted.</summary>
    public IReadOnlyList<RtpReceiver> MutedReceivers { get; init; } = [];

    /// <summary>Transceivers that are stopped now: their tracks end.</summary>
    public IReadOnlyList<RtpTransceiver> StoppedTransceivers { get; init; } = [];
}
