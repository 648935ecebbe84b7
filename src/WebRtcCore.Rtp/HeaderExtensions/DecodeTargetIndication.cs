namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>What a frame is to a decode target (RTP Payload Format for AV1, A.4).</summary>
public enum DecodeTargetIndication : byte
{
    /// <summary>It is no part of it.</summary>
    NotPresent = 0,

    /// <summary>No other frame of the target needs it.</summary>
    Discardable = 1,

    /// <summary>A receiver may switch to the target with it.</summary>
    Switch = 2,

    /// <summary>Other frames may need it.</summary>
    Required = 3,
}
