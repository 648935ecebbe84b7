using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>What became of one packet, as the peer's feedback tells.</summary>
public readonly record struct PacketFeedback
{
    /// <summary>When it was sent.</summary>
    public Instant Sent { get; init; }

    /// <summary>When it arrived by the peer's clock, of which only differences have a meaning; <see langword="null"/> if it did not arrive.</summary>
    public Instant? Arrived { get; init; }

    /// <summary>Whether it was told of as lost before, and has come after all: it is told of for the second time, and only once lost.</summary>
    public bool WasLost { get; init; }

    /// <summary>Bytes on the wire, IP and UDP headers included.</summary>
    public int Length { get; init; }

    /// <summary>The number of the probe cluster that it was sent for, or 0.</summary>
    public int ProbeCluster { get; init; }
}
