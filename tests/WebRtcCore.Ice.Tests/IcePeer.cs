using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

/// <summary>An agent on the virtual network, with what it told so far and signalling to the other one.</summary>
internal sealed class IcePeer : IVirtualNode
{
    private readonly SeededRandomSource _random;

    public IcePeer(IceRole role, int seed = 1, IceAgentOptions? options = null)
    {
        _random = new SeededRandomSource(seed);
        Agent = new IceAgent((options ?? new IceAgentOptions()) with { Role = role }, _random);
    }

    public IceAgent Agent { get; }

    public List<IceEvent> Events { get; } = [];

    public List<IceCandidate> Gathered { get; } = [];

    public List<IceAgentState> States { get; } = [];

    public VirtualHost? Host { get; set; }

    /// <summary>Where candidates are trickled to, if they are.</summary>
    public IcePeer? TrickleTo { get; set; }

    /// <summary>How long signalling takes.</summary>
    public Instant? ConnectedAt { get; private set; }

    public Instant? NextTimeout => Agent.NextTimeout;

    public bool IsConnected => Agent.State is IceAgentState.Connected or IceAgentState.Completed;

    public NetworkPath? SelectedPath => Agent.TryGetSelectedPath(out var path) ? path : null;

    public bool HasNominated => Agent.GetSelectedPair() is { IsNominated: true };

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

    public void HandleTimeout(Instant now) => Agent.HandleTimeout(now);

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => Agent.TryPollTransmit(destination, out transmit);

    public void DrainEvents(Instant now)
    {
        while (Agent.TryPollEvent(out var e))
        {
            Events.Add(e);
            switch (e.Kind)
            {
                case IceEventKind.CandidateGathered:
                    Gathered.Add(e.Candidate!);
                    TrickleTo?.Agent.AddRemoteCandidate(e.Candidate!, now);
                    break;
                case IceEventKind.GatheringStateChanged when e.GatheringState == IceGatheringState.Complete:
                    TrickleTo?.Agent.SetRemoteEndOfCandidates(now);
                    break;
                case IceEventKind.StateChanged:
                    States.Add(e.State);
                    if (e.State == IceAgentState.Connected)
                    {
                        ConnectedAt ??= now;
                    }

                    break;
            }
        }
    }
}
