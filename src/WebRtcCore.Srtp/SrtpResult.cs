namespace WebRtcCore.Srtp;

/// <summary>What came of protecting or unprotecting one packet.</summary>
public enum SrtpResult
{
    /// <summary>Done.</summary>
    Success,

    /// <summary>The bytes are no RTP or RTCP packet of this profile: too short, wrong version, or a header that does not fit.</summary>
    Malformed,

    /// <summary>The tag does not fit the packet. Nothing was learned from it.</summary>
    AuthenticationFailed,

    /// <summary>The packet was seen before, or is older than the replay window.</summary>
    Replayed,

    /// <summary>There are as many streams already as the context may hold.</summary>
    TooManyStreams,

    /// <summary>The buffer has no room for the tag.</summary>
    BufferTooSmall,

    /// <summary>The stream has used up its packet indices under this key (RFC 3711, 9.2).</summary>
    KeyExhausted,
}
