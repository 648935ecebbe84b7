using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>One socket asking one STUN server for its address, and keeping the NAT binding open afterwards.</summary>
internal sealed class ServerRequest(int rank, int serverIndex, NetworkPath path)
{
    public enum Phase
    {
        /// <summary>Waits for the first answer.</summary>
        Asking,

        /// <summary>Has been answered; is asked again from time to time so that the NAT binding stays.</summary>
        KeepingAlive,

        /// <summary>Failed, or of no further use.</summary>
        Ended,
    }

    public int Rank { get; } = rank;

    public int ServerIndex { get; } = serverIndex;

    public NetworkPath Path { get; } = path;

    public Phase State { get; set; }

    public StunTransactionId Id { get; set; }

    public int Transmissions { get; set; }

    public TimeSpan RetransmissionTimeout { get; set; }

    public Instant Deadline { get; set; }
}
