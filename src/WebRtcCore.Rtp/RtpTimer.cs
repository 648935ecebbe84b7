namespace WebRtcCore.Rtp;

/// <summary>The timers of an <see cref="RtpSession"/>.</summary>
internal enum RtpTimer
{
    /// <summary>Sender and receiver reports.</summary>
    Report,

    /// <summary>Transport-wide feedback.</summary>
    TransportFeedback,

    /// <summary>NACKs and requests for key frames.</summary>
    Feedback,

    /// <summary>The peer's requests for key frames that were held back.</summary>
    KeyFrameEvent,

    /// <summary>The next packet that the pacer holds back.</summary>
    Pacing,

    /// <summary>The estimate for a peer that does not estimate itself (REMB).</summary>
    Estimate,

    /// <summary>Frames whose time has come, or whose missing packets are given up.</summary>
    Frames,
}
