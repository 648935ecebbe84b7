namespace WebRtcCore.Ice;

/// <summary>Settings of an <see cref="IceAgent"/>. The defaults are tested and fit a browser as the peer.</summary>
public sealed record IceAgentOptions
{
    /// <summary>The role to start with; <see cref="IceAgent.SetRole"/> may change it before checks begin.</summary>
    public IceRole Role { get; init; } = IceRole.Controlling;

    /// <summary>Whether this agent is a lite one (RFC 8445, 2.5): it only answers checks, offers host candidates only and is always controlled.</summary>
    public bool IsLite { get; init; }

    /// <summary>The credentials of the first generation, or <see langword="null"/> to draw them.</summary>
    public IceCredentials? LocalCredentials { get; init; }

    /// <summary>How many signalled remote candidates are kept; further ones are dropped.</summary>
    public int MaxRemoteCandidates { get; init; } = 100;

    /// <summary>How many peer-reflexive remote candidates are kept; checks from further addresses are answered and otherwise ignored.</summary>
    public int MaxPeerReflexiveCandidates { get; init; } = 20;

    /// <summary>How many candidate pairs are kept; failed ones give way to others, then the lowest-priority ones that were not yet checked to better ones (RFC 8445, 6.1.2.5; RFC 8838, 10).</summary>
    public int MaxCandidatePairs { get; init; } = 100;

    /// <summary>How many authenticated checks are remembered that come before the peer's credentials are known.</summary>
    public int MaxEarlyRequests { get; init; } = 20;

    /// <summary>The time between two ordinary checks while several are pending (Ta of RFC 8445, 14.2). The first check goes out at once.</summary>
    // Deviation: RFC 8445 14.2 has 50 ms unless both sides signal another value (a=ice-pacing), which browsers do not. NATs stand a packet each 20 ms, and the time to
    // connect is what this library is judged by. The bound of 5 ms holds for each agent, not for all those of a process together.
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>When a check between two host candidates is first sent again. Doubles each time.</summary>
    public TimeSpan HostRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When a check of any other pair, or a request to a STUN server, is first sent again. Doubles each time.</summary>
    public TimeSpan RetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Up to where the retransmission timeout of a check doubles.</summary>
    public TimeSpan MaxRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a check is sent in all before its pair fails. As long as no pair works checks go on until the agent fails.</summary>
    public int MaxCheckTransmissions { get; init; } = 16;

    /// <summary>How often a request to a STUN server is sent in all before the server is given up.</summary>
    // Deviation: RFC 8489 6.2.1 has seven times, from 500 ms on, and 39.5 s over streams. Gathering is not to wait that long for one of several servers.
    public int MaxServerTransmissions { get; init; } = 6;

    /// <summary>How long a byte stream to a server may take to open, and an answer over it to come.</summary>
    public TimeSpan ServerConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a TCP connection to the peer may take to open and to answer a check; over TCP none is sent twice. Deviation: RFC 8489 6.2.2 says 39.5 s.</summary>
    public TimeSpan StreamCheckTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How often a server-reflexive candidate's NAT binding is refreshed until a pair is connected.</summary>
    public TimeSpan ServerKeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the controlling agent waits for a better pair when the first that works is not the best conceivable one.</summary>
    public TimeSpan NominationPatience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether nominations may be numbered, if the peer knows that too: the controlling agent can then move the connection to a better pair later.</summary>
    public bool AllowRenomination { get; init; } = true;

    /// <summary>The least time between two nominations while the nominated pair works.</summary>
    public TimeSpan RenominationInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the pair in use may leave checks unanswered before another is used, when the peer has been seen to use another. At most <see cref="DisconnectedTimeout"/>.
    /// </summary>
    public TimeSpan SuspicionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The mean time between consent checks; each is drawn from 0.8 to 1.2 times this (RFC 7675, 5.1). At least 5 s.</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answered check allows sending (RFC 7675, 5.1). At most 30 s.</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a consent check may stay unanswered before the state is <see cref="IceAgentState.Disconnected"/>.</summary>
    public TimeSpan DisconnectedTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after the last sign of life (a candidate, a check, a gathered address) an agent without any working pair fails,
    /// provided that both sides have no more candidates.
    /// </summary>
    public TimeSpan FailedTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The same while more candidates may still come, or peer-reflexive ones only (RFC 8863, 5.1: not below 39.5 s).</summary>
    public TimeSpan TrickleFailedTimeout { get; init; } = TimeSpan.FromSeconds(39.5);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRemoteCandidates);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPeerReflexiveCandidates);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxCandidatePairs);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxEarlyRequests);
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckInterval, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(HostRetransmissionTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetransmissionTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRetransmissionTimeout, HostRetransmissionTimeout);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxCheckTransmissions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxServerTransmissions);
        ArgumentOutOfRangeException.ThrowIfLessThan(ServerConnectTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(StreamCheckTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(ServerKeepAliveInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(NominationPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(RenominationInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SuspicionTimeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SuspicionTimeout, DisconnectedTimeout);
        ArgumentOutOfRangeException.ThrowIfLessThan(ConsentInterval, TimeSpan.FromSeconds(5));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConsentTimeout, TimeSpan.FromSeconds(30));
        ArgumentOutOfRangeException.ThrowIfLessThan(ConsentTimeout, DisconnectedTimeout);
        ArgumentOutOfRangeException.ThrowIfLessThan(DisconnectedTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(FailedTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(TrickleFailedTimeout, FailedTimeout);
        if (LocalCredentials is { IsValid: false })
        {
            throw new ArgumentException("The local credentials break RFC 8839, 5.4.");
        }
    }
}
