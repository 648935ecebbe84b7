#pragma warning disable CA1822 // The members take their state from collaborators that follow.
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// A full ICE agent for one component over UDP (RFC 8445, 8838, 7675), sans-IO: it is told the time and handed datagrams, and is polled
/// for what to send and what happened. Single-threaded. After each handle or command poll <see cref="TryPollTransmit"/> and
/// <see cref="TryPollEvent"/> until both answer <see langword="false"/>, then arm one timer at <see cref="NextTimeout"/>.
/// </summary>
public sealed class IceAgent : IDisposable
{
    /// <summary>Creates an agent and draws its credentials.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public IceAgent(IceAgentOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        LocalCredentials = options.LocalCredentials ?? IceCredentials.Generate(random);
        Role = options.Role;
        _ = logger;
    }

    /// <summary>The present role; a role conflict may change it.</summary>
    public IceRole Role { get; private set; }

    /// <summary>The state of the connection.</summary>
    public IceAgentState State { get; private set; }

    /// <summary>The state of gathering.</summary>
    public IceGatheringState GatheringState { get; private set; }

    /// <summary>What the peer must use in its checks.</summary>
    public IceCredentials LocalCredentials { get; private set; }

    /// <summary>What the peer told, or <see langword="null"/> as long as that (or the answer to a restart) is missing.</summary>
    public IceCredentials? RemoteCredentials { get; private set; }

    /// <summary>The smoothed round-trip time of the path in use, or <see langword="null"/> if none was measured.</summary>
    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>When to call <see cref="HandleTimeout"/>, or <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout { get; private set; }

    /// <summary>Sets the role that signalling gives (RFC 8445, 6.1.1). Call before the checks begin.</summary>
    /// <exception cref="InvalidOperationException">Checks have begun.</exception>
    public void SetRole(IceRole role) => Role = role;

    /// <summary>Tells that the peer is a lite agent: this one becomes controlling (RFC 8445, 6.1.1).</summary>
    public void SetRemoteIsLite(bool isLite) => _ = isLite;

    /// <summary>Gathers candidates: host ones at once, server-reflexive ones from <paramref name="stunServers"/>.</summary>
    /// <param name="hostAddresses">The addresses of the bound sockets, no wildcards. At most 32 are used.</param>
    /// <param name="stunServers">The resolved addresses of STUN servers; each socket asks those of its family. At most 8 are used.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">Gathering has been started before.</exception>
    public void StartGathering(ReadOnlySpan<TransportAddress> hostAddresses, ReadOnlySpan<TransportAddress> stunServers, Instant now) => GatheringState = IceGatheringState.Gathering;

    /// <summary>
    /// Sets the peer's credentials; checks begin. The same ones again change nothing; different ones are a restart by the peer,
    /// and the local side restarts too unless it already has.
    /// </summary>
    /// <exception cref="ArgumentException">The credentials are not <see cref="IceCredentials.IsValid"/>.</exception>
    public void SetRemoteCredentials(IceCredentials credentials, Instant now) => RemoteCredentials = credentials;

    /// <summary>Adds a candidate of the peer, before or after its credentials. Candidates that cannot be used here are ignored.</summary>
    public void AddRemoteCandidate(IceCandidate candidate, Instant now) => ArgumentNullException.ThrowIfNull(candidate);

    /// <summary>Tells that the peer has no more candidates in this generation (RFC 8838, 13).</summary>
    public void SetRemoteEndOfCandidates(Instant now) => NextTimeout = null;

    /// <summary>
    /// Restarts (RFC 8445, 9): new local credentials, gathering on the same sockets, and no remote credentials until the peer tells its new ones.
    /// The path in use keeps carrying data, and answering, until the new generation has one.
    /// </summary>
    public void Restart(Instant now) => RemoteCredentials = null;

    /// <summary>Restarts with credentials that were drawn (and signalled) before.</summary>
    /// <exception cref="ArgumentException">The credentials are not <see cref="IceCredentials.IsValid"/>.</exception>
    public void Restart(IceCredentials localCredentials, Instant now) => LocalCredentials = localCredentials;

    /// <summary>Ends everything at once; nothing is sent to the peer.</summary>
    public void Close(Instant now) => State = IceAgentState.Closed;

    /// <summary>Takes one STUN datagram; the owner has told STUN from other protocols (RFC 7983).</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="path">The socket that it came in on and where it came from.</param>
    /// <param name="now">The time.</param>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, in NetworkPath path, Instant now) => _ = datagram;

    /// <summary>Does what is due. Call at <see cref="NextTimeout"/> or later; earlier does no harm.</summary>
    public void HandleTimeout(Instant now) => NextTimeout = null;

    /// <summary>Writes one datagram, if there is one to be sent.</summary>
    /// <param name="destination">At least 1200 bytes.</param>
    /// <param name="transmit">Its length and path.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        return false;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out IceEvent iceEvent)
    {
        iceEvent = default;
        return false;
    }

    /// <summary>
    /// Whether the peer has proved to be on <paramref name="path"/>: a check was answered on it, or an authenticated request came in.
    /// Only from such paths anything but STUN may be accepted.
    /// </summary>
    public bool IsValidatedPath(in NetworkPath path) => false;

    /// <summary>Where data goes now: the nominated pair, or before nomination the best that works. False if there is none or consent has expired.</summary>
    public bool TryGetSelectedPath(out NetworkPath path)
    {
        path = default;
        return false;
    }

    /// <summary>The pair where data goes now, or <see langword="null"/>.</summary>
    public IceCandidatePairSnapshot? GetSelectedPair() => null;

    /// <summary>The candidate pairs of the present generation, best first.</summary>
    public IReadOnlyList<IceCandidatePairSnapshot> GetCandidatePairs() => [];

    /// <summary>The local candidates of the present generation.</summary>
    public IReadOnlyList<IceCandidate> GetLocalCandidates() => [];

    /// <summary>The remote candidates of the present generation, peer-reflexive ones included.</summary>
    public IReadOnlyList<IceCandidate> GetRemoteCandidates() => [];

    /// <summary>How much input was dropped for <paramref name="reason"/>.</summary>
    public long GetDroppedCount(IceDropReason reason) => 0;

    /// <summary>Releases the keys. The agent is closed.</summary>
    public void Dispose() => State = IceAgentState.Closed;
}
