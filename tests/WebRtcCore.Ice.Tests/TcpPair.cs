using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

/// <summary>
/// Two agents and the streams between them on virtual time: every connection attempt, packet and end takes <see cref="Delay"/>. UDP passes only if a test wants it.
/// </summary>
internal sealed class TcpPair
{
    public static readonly TransportAddress AddressA = TransportAddress.Parse("10.0.0.1", 5000);
    public static readonly TransportAddress AddressB = TransportAddress.Parse("10.0.0.2", 5000);

    private readonly PriorityQueue<Action, (Instant At, int Order)> _coming = new();
    private readonly Dictionary<(End End, NetworkPath Path), (End End, NetworkPath Path)> _streams = [];
    private readonly byte[] _buffer = new byte[1500];
    private int _order;
    private int _lastPort = 40_000;

    public TcpPair(IceTcpType typeA = IceTcpType.Active, IceTcpType typeB = IceTcpType.Passive, IceAgentOptions? options = null, IceAgentOptions? optionsB = null)
    {
        A = new End(new IceAgent((options ?? new IceAgentOptions()) with { Role = IceRole.Controlling }, new SeededRandomSource(1)), AddressA, typeA);
        B = new End(new IceAgent((optionsB ?? options ?? new IceAgentOptions()) with { Role = IceRole.Controlled }, new SeededRandomSource(2)), AddressB, typeB);
        (A.Other, B.Other) = (B, A);
    }

    public static TimeSpan Delay { get; } = TimeSpan.FromMilliseconds(10);

    public End A { get; }

    public End B { get; }

    public Instant Now { get; private set; } = VirtualClock.Start;

    public bool PassesUdp { get; set; }

    /// <summary>Whether attempts to connect are refused.</summary>
    public bool Refuses { get; set; }

    /// <summary>Whether everything disappears without a trace.</summary>
    public bool IsDead { get; set; }

    public int Attempts { get; private set; }

    public int OpenStreams => _streams.Count / 2;

    public bool BothNominated => A.Agent.GetSelectedPair() is { IsNominated: true } && B.Agent.GetSelectedPair() is { IsNominated: true };

    public TcpPair Signal()
    {
        B.Agent.SetRemoteCredentials(A.Agent.LocalCredentials, Now);
        A.Agent.SetRemoteCredentials(B.Agent.LocalCredentials, Now);
        A.Agent.StartGathering(A.Gathering, Now);
        B.Agent.StartGathering(B.Gathering, Now);
        return this;
    }

    public TcpPair Connected()
    {
        Signal();
        Assert.That(Drive(() => BothNominated), "connects");
        return this;
    }

    public void Restart()
    {
        A.Agent.Restart(Now);
        B.Agent.Restart(Now);
        A.Agent.SetRemoteCredentials(B.Agent.LocalCredentials, Now);
        B.Agent.SetRemoteCredentials(A.Agent.LocalCredentials, Now);
    }

    /// <summary>Ends every stream, as a middlebox that restarts does.</summary>
    public void Reset()
    {
        foreach (var (end, path) in _streams.Keys.ToArray())
        {
            _streams.Remove((end, path));
            After(() => end.Agent.Tcp.OnClosed(path, Now));
        }
    }

    public bool Drive(Func<bool> until, double seconds = 60)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        for (var rounds = 0; rounds < 100_000; rounds++)
        {
            Pump();
            if (until())
            {
                return true;
            }

            var next = Instant.Earliest(A.Agent.NextTimeout, B.Agent.NextTimeout);
            if (_coming.TryPeek(out _, out var first))
            {
                next = Instant.Earliest(next, first.At);
            }

            if (next is not { } at || at > end)
            {
                Now = end;
                return until();
            }

            Now = Instant.Max(Now, at);
            while (_coming.TryPeek(out var action, out first) && first.At <= Now)
            {
                _coming.Dequeue();
                action!();
                Pump();
            }

            A.Agent.HandleTimeout(Now);
            B.Agent.HandleTimeout(Now);
        }

        throw new InvalidOperationException("It spins.");
    }

    public void Drive(double seconds) => Drive(static () => false, seconds);

    private void Pump()
    {
        for (var moved = true; moved;)
        {
            moved = Pump(A) | Pump(B);
        }
    }

    private bool Pump(End end)
    {
        var moved = false;
        while (end.Agent.TryPollTransmit(_buffer, out var transmit))
        {
            moved = true;
            Send(end, _buffer.AsSpan(0, transmit.Length).ToArray(), transmit.Path!.Value);
        }

        while (end.Agent.TryPollEvent(out var e))
        {
            moved = true;
            end.States.AddRange(e.Kind == IceEventKind.StateChanged ? [e.State] : []);
            if (e.Kind == IceEventKind.CandidateGathered)
            {
                end.Gathered.Add(e.Candidate!);
                end.Other.Agent.AddRemoteCandidate(e.Candidate!, Now);
            }
            else if (e is { Kind: IceEventKind.GatheringStateChanged, GatheringState: IceGatheringState.Complete })
            {
                end.Other.Agent.SetRemoteEndOfCandidates(Now);
            }
        }

        while (end.Agent.Tcp.TryPollRequest(out var request))
        {
            moved = true;
            Handle(end, request);
        }

        return moved;
    }

    private void Send(End end, byte[] datagram, NetworkPath path)
    {
        end.Sent.Add((Now, path));
        if (IsDead)
        {
            return;
        }

        if (path.Protocol == TransportProtocol.Udp)
        {
            if (PassesUdp && path.Remote == end.Other.Address)
            {
                After(() => end.Other.Agent.HandleDatagram(datagram, new NetworkPath(path.Remote, path.Local), Now));
            }

            return;
        }

        Assert.That(_streams, Does.ContainKey((end, path)), "Nothing is sent on a stream that is not open.");
        var (other, back) = _streams[(end, path)];
        After(() => other.Agent.HandleDatagram(datagram, back, Now));
    }

    private void Handle(End end, IceTcpRequest request)
    {
        var path = request.Path;
        if (!request.IsOpen)
        {
            if (_streams.Remove((end, path), out var far))
            {
                _streams.Remove(far);
                After(() => far.End.Agent.Tcp.OnClosed(far.Path, Now));
            }

            return;
        }

        Attempts++;
        var accepts = !IsDead && !Refuses && end.Other.TcpHost is { Type: IceTcpType.Passive } host && host.Address == path.Remote;
        if (IsDead)
        {
            return;
        }

        After(() =>
        {
            var back = new NetworkPath(path.Remote, path.Local.WithPort(++_lastPort), TransportProtocol.Tcp);
            if (!accepts || !end.Other.Agent.Tcp.OnAccepted(back))
            {
                After(() => end.Agent.Tcp.OnClosed(path, Now));
                return;
            }

            _streams[(end, path)] = (end.Other, back);
            _streams[(end.Other, back)] = (end, path);
            After(() => end.Agent.Tcp.OnOpened(path, Now));
        });
    }

    private void After(Action action) => _coming.Enqueue(action, (Now + Delay, _order++));

    /// <summary>An agent with one UDP host and one TCP host; the passive port is that of UDP.</summary>
    internal sealed class End(IceAgent agent, TransportAddress address, IceTcpType type)
    {
        public IceAgent Agent { get; } = agent;

        public TransportAddress Address { get; } = address;

        public IceTcpHost TcpHost { get; } = new(type == IceTcpType.Active ? address.WithPort(IceTcpStreams.ActivePort) : address, type);

        public IceGatheringOptions Gathering => new() { HostAddresses = [Address], TcpHosts = [TcpHost] };

        public End Other { get; set; } = null!;

        public List<IceCandidate> Gathered { get; } = [];

        public List<IceAgentState> States { get; } = [];

        public List<(Instant At, NetworkPath Path)> Sent { get; } = [];
    }
}
