namespace WebRtcCore.Testing.Connectivity;

/// <summary>What a <see cref="ConnectivityRun"/> runs with.</summary>
public sealed record ConnectivityOptions
{
    /// <summary>Whether there is a TURN server (over UDP, TCP and TLS on port 443) beside the STUN server.</summary>
    public bool HasTurn { get; init; } = true;

    /// <summary>One way, of every link and of signalling.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The loss rate of every link, each way.</summary>
    public double LossRate { get; init; }

    /// <summary>Gives the run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether both peers are behind one NAT, that of the first.</summary>
    public bool IsOneNat { get; init; }
}
