using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>A check request that has been sent and not yet answered.</summary>
internal sealed class CheckTransaction
{
    public required StunTransactionId Id { get; init; }

    public required CandidatePair Pair { get; init; }

    /// <summary>The role that the request states; retransmissions repeat it.</summary>
    public required IceRole Role { get; init; }

    /// <summary>The number of the nomination that the request carries, or 0.</summary>
    public required uint Nomination { get; init; }

    public bool IsNominating => Nomination > 0;

    public required Instant FirstSentAt { get; init; }

    public TimeSpan RetransmissionTimeout { get; set; }

    public int Transmissions { get; set; }

    /// <summary>When to send again, or to give up.</summary>
    public Instant Deadline { get; set; }

    /// <summary>Not sent again, though an answer still counts: a newer check of the pair has taken over, or the pair no longer matters.</summary>
    public bool IsCancelled { get; set; }
}
