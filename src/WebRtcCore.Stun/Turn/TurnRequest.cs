using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>A request of a TURN client that waits for its answer. It is written when it is polled.</summary>
internal sealed class TurnRequest(StunMethod method, TurnPeer? peer = null, bool isFinal = false)
{
    public StunMethod Method { get; } = method;

    /// <summary>Whom a permission or channel is for.</summary>
    public TurnPeer? Peer { get; } = peer;

    /// <summary>A Refresh that ends the allocation.</summary>
    public bool IsFinal { get; } = isFinal;

    public StunTransactionId Id { get; set; }

    /// <summary>Whether the transaction carries credentials; settled when it begins.</summary>
    public bool IsAuthenticated { get; set; }

    public int Transmissions { get; set; }

    public TimeSpan Timeout { get; set; }

    public Instant Deadline { get; set; }
}
