using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Receive;

/// <summary>A complete message. Without a buffer it was too large and only its place in the order remains.</summary>
internal readonly record struct ReceivedMessage(ushort StreamId, uint PayloadProtocolId, PooledBuffer? Buffer)
{
    /// <summary>What it costs the receive buffer.</summary>
    public int Cost => ReceiveBudget.MessageOverhead + (Buffer?.Length ?? 0);
}
