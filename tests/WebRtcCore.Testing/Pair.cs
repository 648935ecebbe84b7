using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>Two cores at the two ends of one virtual link: 10.0.0.1:5000 and 10.0.0.2:5000.</summary>
public sealed class Pair
{
    /// <summary>The address of <see cref="A"/>.</summary>
    public static readonly TransportAddress AddressA = TransportAddress.Parse("10.0.0.1", 5000);

    /// <summary>The address of <see cref="B"/>.</summary>
    public static readonly TransportAddress AddressB = TransportAddress.Parse("10.0.0.2", 5000);

    /// <summary>Connects two cores.</summary>
    public Pair(IVirtualNode a, IVirtualNode b, int seed = 1, LinkConditions? conditions = null, VirtualClock? clock = null)
    {
        Network = new VirtualNetwork(seed, clock) { Conditions = conditions ?? LinkConditions.Good };
        A = Network.AddHost("A", a, AddressA);
        B = Network.AddHost("B", b, AddressB);
        A.DefaultRemote = AddressB;
        B.DefaultRemote = AddressA;
    }

    /// <summary>The network of the two.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>The first host.</summary>
    public VirtualHost A { get; }

    /// <summary>The second host.</summary>
    public VirtualHost B { get; }

    /// <summary>The present.</summary>
    public Instant Now => Network.Now;

    /// <summary>The path from A's point of view.</summary>
    public static NetworkPath PathA => new(AddressA, AddressB);

    /// <summary>The path from B's point of view.</summary>
    public static NetworkPath PathB => new(AddressB, AddressA);

    /// <summary>Runs until <paramref name="until"/> holds; <see langword="false"/> if it did not within <paramref name="limit"/> of virtual time (30 s if none is given).</summary>
    public bool Drive(Func<bool> until, TimeSpan? limit = null) => Network.RunUntil(until, limit ?? TimeSpan.FromSeconds(30));

    /// <summary>Runs for a time.</summary>
    public void Drive(TimeSpan duration) => Network.RunFor(duration);
}
