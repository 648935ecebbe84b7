using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>What other threads have left for the loop. The driver drains it in every turn.</summary>
internal interface ILoopOutbox
{
    /// <summary>Hands everything that waits to the cores; on the loop.</summary>
    void Drain(RtcSession session, Instant now);

    /// <summary>Everything that could be sent has been sent; on the loop.</summary>
    void AfterTransmit(RtcSession session);
}
