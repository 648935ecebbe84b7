using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

/// <summary>Two agents on a virtual network: A is controlling and offers, B is controlled and answers, unless a test says otherwise.</summary>
internal sealed class IcePair
{
    public static readonly TransportAddress AddressA = TransportAddress.Parse("10.0.0.1", 5000);
    public static readonly TransportAddress AddressB = TransportAddress.Parse("10.0.0.2", 5000);

    public IcePair(int seed = 1, LinkConditions? conditions = null, IceAgentOptions? options = null, IceRole roleA = IceRole.Controlling, IceRole roleB = IceRole.Controlled)
    {
        Network = new VirtualNetwork(seed) { Conditions = conditions ?? LinkConditions.Good };
        A = new IcePeer(roleA, (seed * 2) + 1000, options);
        B = new IcePeer(roleB, (seed * 2) + 1001, options);
    }

    public VirtualNetwork Network { get; }

    public IcePeer A { get; }

    public IcePeer B { get; }

    public Instant Now => Network.Now;

    public TransportAddress[] Servers { get; set; } = [];

    public bool BothConnected => A.IsConnected && B.IsConnected;

    public bool BothNominated => A.HasNominated && B.HasNominated;

    /// <summary>Whether both send along the same two addresses.</summary>
    public bool PathsMatch => A.SelectedPath is { } a && B.SelectedPath is { } b && a.Local == b.Remote && a.Remote == b.Local;

    /// <summary>Puts both hosts on the network, each with one IPv4 address if none are given.</summary>
    public IcePair Place(TransportAddress[]? a = null, TransportAddress[]? b = null, VirtualNat? natA = null, VirtualNat? natB = null)
    {
        A.Host = Network.AddHost("A", A, natA, a ?? [AddressA]);
        B.Host = Network.AddHost("B", B, natB, b ?? [AddressB]);
        return this;
    }

    /// <summary>Gathers on both, exchanges credentials, trickles.</summary>
    public IcePair Signal()
    {
        A.TrickleTo = B;
        B.TrickleTo = A;
        B.Agent.SetRemoteCredentials(A.Agent.LocalCredentials, Now);
        A.Agent.SetRemoteCredentials(B.Agent.LocalCredentials, Now);
        A.Agent.StartGathering([.. A.Host!.Addresses], Servers, Now);
        B.Agent.StartGathering([.. B.Host!.Addresses], Servers, Now);
        return this;
    }

    public bool Drive(Func<bool> until, TimeSpan? limit = null) => Network.RunUntil(until, limit ?? TimeSpan.FromSeconds(30));

    public bool Drive(Func<bool> until, double seconds) => Network.RunUntil(until, TimeSpan.FromSeconds(seconds));

    public void Drive(TimeSpan duration) => Network.RunFor(duration);

    /// <summary>A pair that is connected and nominated.</summary>
    public static IcePair Connected(int seed = 1, IceAgentOptions? options = null)
    {
        var pair = new IcePair(seed, options: options).Place().Signal();
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True, "connects");
        return pair;
    }
}
