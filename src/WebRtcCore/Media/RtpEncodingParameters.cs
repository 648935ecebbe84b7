namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpEncodingParameters</c>: one encoding that a sender sends; several of them are simulcast.</summary>
public sealed record RtpEncodingParameters
{
    /// <summary>The RTP stream id of a simulcast layer (RFC 8852): 1 to 255 letters and digits.</summary>
    public string? Rid { get; init; }

    /// <summary>Whether it is sent.</summary>
    public bool Active { get; init; } = true;

    /// <summary>The most bits per second to send, or <see langword="null"/> for no limit. <see cref="RtpSender.TargetBitrateBps"/> stays below it.</summary>
    public long? MaxBitrateBps { get; init; }

    /// <summary>The most frames per second, or <see langword="null"/> for no limit. The application's encoder heeds it.</summary>
    public double? MaxFramerate { get; init; }

    /// <summary>By what factor pictures are made smaller, 1 or more; video only. The application's encoder heeds it.</summary>
    public double? ScaleResolutionDownBy { get; init; }

    /// <summary>Its share of the bandwidth.</summary>
    public Priority Priority { get; init; } = Priority.Low;

    /// <summary>Its share at the network: which packets are marked first.</summary>
    public Priority NetworkPriority { get; init; } = Priority.Low;
}
