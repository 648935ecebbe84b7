namespace WebRtcCore.Session.Negotiation;

/// <summary>The H.264 profiles that real-time video uses (RFC 6184 8.1, table 5).</summary>
internal enum H264Profile
{
    Unknown,
    ConstrainedBaseline,
    Baseline,
    Main,
    ConstrainedHigh,
    High,
    PredictiveHigh444,
}
