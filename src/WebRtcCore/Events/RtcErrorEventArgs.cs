namespace WebRtcCore;

/// <summary>W3C <c>RTCErrorEvent</c>.</summary>
/// <param name="error">What went wrong.</param>
public sealed class RtcErrorEventArgs(RtcErrorException error) : EventArgs
{
    /// <summary>What went wrong.</summary>
    public RtcErrorException Error { get; } = error;
}
