namespace WebRtcCore.Sctp.Receive;

/// <summary>What a TSN is to a <see cref="ReceiveTracker"/>.</summary>
internal enum TsnStatus
{
    New,
    Duplicate,
    OutOfReach,
}
