namespace WebRtcCore;

/// <summary>W3C <c>RTCDataChannelEvent</c>.</summary>
/// <param name="channel">The channel that the peer has opened.</param>
public sealed class DataChannelEventArgs(DataChannel channel) : EventArgs
{
    /// <summary>The channel that the peer has opened; no message is lost that arrives before a handler is set.</summary>
    public DataChannel Channel { get; } = channel;
}
