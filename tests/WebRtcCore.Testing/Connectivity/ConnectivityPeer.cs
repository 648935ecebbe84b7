using WebRtcCore.Ice;
using WebRtcCore.Primitives;

namespace WebRtcCore.Testing.Connectivity;

/// <summary>An ICE agent on the virtual network, with streams to its servers and signalling that takes its time.</summary>
public sealed class ConnectivityPeer : IVirtualNode
{
    private readonly VirtualNetwork _network;
    private readonly TimeSpan _signallingDelay;
    private ConnectivityPeer? _other;

    /// <summary>Creates an agent that is not on the network yet.</summary>
    public ConnectivityPeer(VirtualNetwork network, IceRole role, int seed, TimeSpan signallingDelay, IceAgentOptions? options = null)
    {
        _network = network;
        _signallingDelay = signallingDelay;
        Agent = new IceAgent((options ?? new IceAgentOptions()) with { Role = role }, new SeededRandomSource(seed));
    }

    /// <summary>The agent.</summary>
    public IceAgent Agent { get; }

    /// <summary>Its machine; set when it is added to the network.</summary>
    public VirtualHost? Host { get; set; }

    /// <summary>What it found first.</summary>
    public List<IceCandidate> Gathered { get; } = [];

    /// <summary>When it was first connected.</summary>
    public Instant? ConnectedAt { get; private set; }

    /// <summary>Whether data can be sent.</summary>
    public bool IsConnected => Agent.State is IceAgentState.Connected or IceAgentState.Completed;

    /// <inheritdoc/>
    public Instant? NextTimeout => Agent.NextTimeout;

    /// <summary>Gathers, and tells the other peer what is found.</summary>
    public void Start(ConnectivityPeer other, IceGatheringOptions options)
    {
        _other = other;
        Agent.SetRemoteRenomination(isKnown: true);
        Agent.StartGathering(options, _network.Now);
        Tell(now => other.Agent.SetRemoteCredentials(Agent.LocalCredentials, now));
    }

    /// <inheritdoc/>
    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        if (!Agent.Relays.TryUnwrap(datagram, path, now, out var relayed))
        {
            Agent.HandleDatagram(datagram, path, now);
        }
        else if (relayed.Length > 0)
        {
            Agent.HandleDatagram(datagram.Slice(relayed.Offset, relayed.Length), relayed.Path, now);
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now) => Agent.HandleTimeout(now);

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => Agent.TryPollTransmit(destination, out transmit);

    /// <inheritdoc/>
    public void DrainEvents(Instant now)
    {
        while (Agent.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case IceEventKind.CandidateGathered:
                    var candidate = e.Candidate!;
                    Gathered.Add(candidate);
                    Tell(later => _other?.Agent.AddRemoteCandidate(candidate, later));
                    break;
                case IceEventKind.GatheringStateChanged when e.GatheringState == IceGatheringState.Complete:
                    Tell(later => _other?.Agent.SetRemoteEndOfCandidates(later));
                    break;
                case IceEventKind.StateChanged when e.State == IceAgentState.Connected:
                    ConnectedAt ??= now;
                    break;
            }
        }

        while (Agent.Relays.TryPollStreamRequest(out var request))
        {
            if (request!.IsOpen)
            {
                var id = request.Id;
                _network.Streams.Open(Host!, request.Remote, request.Protocol == IceRelayProtocol.Tls, local => Agent.Relays.OnStreamOpened(id, local, _network.Now));
            }
        }
    }

    private void Tell(Action<Instant> what) => _network.Schedule(_signallingDelay, () => what(_network.Now));
}
