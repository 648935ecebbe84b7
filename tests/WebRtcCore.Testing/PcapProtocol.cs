namespace WebRtcCore.Testing;

/// <summary>What carries the payload of a captured packet.</summary>
public enum PcapProtocol
{
    /// <summary>A UDP datagram.</summary>
    Udp,

    /// <summary>A bare SCTP packet, with its common header.</summary>
    Sctp,
}
