namespace WebRtcCore;

/// <summary>W3C <c>RTCQualityLimitationReason</c>: what holds an encoder back.</summary>
public enum QualityLimitationReason
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The network.</summary>
    Bandwidth,

    /// <summary>Something else.</summary>
    Other,
}
