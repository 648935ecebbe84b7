namespace WebRtcCore.Primitives;

/// <summary>One datagram that a core has just written into the buffer it was handed.</summary>
/// <param name="Length">Bytes written, from the start of the buffer; more than zero.</param>
/// <param name="Path">Where it goes, or <see langword="null"/> if the core leaves that to its owner (DTLS, SRTP and SCTP go where ICE says).</param>
public readonly record struct Transmit(int Length, NetworkPath? Path = null)
{
    /// <summary>Whether it may be cut into fragments on its way.</summary>
    public TransmitKind Kind { get; init; }
}
