namespace WebRtcCore;

/// <summary>W3C <c>MessageEvent</c> of a data channel.</summary>
/// <param name="message">The message.</param>
public sealed class DataChannelMessageEventArgs(DataChannelMessage message) : EventArgs
{
    /// <summary>The message; its bytes belong to the handler.</summary>
    public DataChannelMessage Message { get; } = message;
}
