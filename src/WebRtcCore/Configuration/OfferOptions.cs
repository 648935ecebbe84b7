namespace WebRtcCore;

/// <summary>W3C <c>RTCOfferOptions</c>.</summary>
public sealed record OfferOptions
{
    /// <summary>Whether the offer restarts ICE with new credentials.</summary>
    public bool IceRestart { get; init; }
}
