namespace WebRtcCore.Primitives;

/// <summary>What the network layer may do with a datagram that is larger than a link on its way.</summary>
public enum TransmitKind
{
    /// <summary>What the platform does by default. It may leave together with others.</summary>
    Normal,

    /// <summary>
    /// It asks whether datagrams of its size get through (RFC 8899, 4.1): it leaves alone and must not be cut on its way. That the system refuses it as too large is an
    /// answer and harms nothing.
    /// </summary>
    Probe,

    /// <summary>It may be larger than the path takes and cannot be made smaller: it leaves alone and may be cut on its way.</summary>
    MayFragment,
}
