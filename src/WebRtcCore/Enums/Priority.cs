namespace WebRtcCore;

/// <summary>W3C <c>RTCPriorityType</c>; each step weighs twice the one below (RFC 8831 6.4).</summary>
public enum Priority
{
    /// <summary>Weight 128.</summary>
    VeryLow,

    /// <summary>Weight 256, the default.</summary>
    Low,

    /// <summary>Weight 512.</summary>
    Medium,

    /// <summary>Weight 1024.</summary>
    High,
}
