namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// A wish to know whether the path carries a bit rate: packets are to be sent at that rate for a moment, padding where there is
/// nothing else, and the feedback about them tells.
/// </summary>
/// <param name="Id">Its number, 1 or more, not used before.</param>
/// <param name="BitrateBps">Bits per second.</param>
/// <param name="MinBytes">How many bytes it takes at least.</param>
/// <param name="MinPackets">How many packets it takes at least.</param>
public readonly record struct ProbeCluster(int Id, long BitrateBps, int MinBytes, int MinPackets);
