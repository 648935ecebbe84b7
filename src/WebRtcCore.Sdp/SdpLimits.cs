namespace WebRtcCore.Sdp;

/// <summary>What the parser accepts at most. A description beyond these is answered with an error, never with more work.</summary>
public static class SdpLimits
{
    /// <summary>The longest description, in UTF-16 code units (SDP of WebRTC is ASCII, so this is 1 MiB on the wire).</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The most m-lines of a description.</summary>
    public const int MaxMediaSections = 256;

    /// <summary>The most formats of one m-line; there are only 128 payload types.</summary>
    public const int MaxFormats = 256;

    /// <summary>The greatest RTP payload type (RFC 3550 5.1: seven bits).</summary>
    public const byte MaxPayloadType = 127;

    /// <summary>The greatest <c>extmap</c> id: the end of the range for negotiation (RFC 8285 5).</summary>
    public const int MaxExtensionId = 4351;
}
