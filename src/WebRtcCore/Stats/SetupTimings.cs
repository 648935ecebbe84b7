namespace WebRtcCore;

/// <summary>
/// How long after the beginning of gathering each phase of a connection's setup was complete for the first time; <see langword="null"/> if it is not. Not W3C's.
/// The same figures go to the meter <c>WebRtcCore</c> as <c>webrtc.setup.duration</c>, and the phases are events of the activity <c>webrtc.setup</c>.
/// </summary>
public sealed record SetupTimings
{
    /// <summary>All servers had answered or had been given up: no more local candidates.</summary>
    public TimeSpan? Gathering { get; init; }

    /// <summary>A candidate pair worked.</summary>
    public TimeSpan? FirstPair { get; init; }

    /// <summary>A candidate pair was nominated.</summary>
    public TimeSpan? Nomination { get; init; }

    /// <summary>The DTLS handshake was complete: from here on media flows.</summary>
    public TimeSpan? Dtls { get; init; }

    /// <summary>The SCTP association was established: from here on data flows.</summary>
    public TimeSpan? Sctp { get; init; }
}
