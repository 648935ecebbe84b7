namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpCapabilities</c>: what can be negotiated for one kind of media, best first.</summary>
public sealed record RtpCapabilities
{
    private const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    private const string TransportWideCongestionControl = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    private static readonly IReadOnlyList<string> AudioFeedback = ["transport-cc"];
    private static readonly IReadOnlyList<string> VideoFeedback = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli", "rrtr"];

    /// <summary>Codecs, best first.</summary>
    public IReadOnlyList<RtpCodecCapability> Codecs { get; init; } = [];

    /// <summary>Header extensions.</summary>
    public IReadOnlyList<RtpHeaderExtensionCapability> HeaderExtensions { get; init; } = [];

    /// <summary>Opus, with redundancy (RED) where losses ask for it, G.722, PCMU and PCMA, and telephone events (DTMF) with both clocks.</summary>
    public static RtpCapabilities DefaultAudio { get; } = new()
    {
        Codecs =
        [
            new("audio/opus", 48_000) { Channels = 2, SdpFmtpLine = "minptime=10;useinbandfec=1", PreferredPayloadType = 111, RtcpFeedback = AudioFeedback },
            new("audio/red", 48_000) { Channels = 2, PreferredPayloadType = 63 },
            new("audio/G722", 8_000) { Channels = 1, PreferredPayloadType = 9, RtcpFeedback = AudioFeedback },
            new("audio/PCMU", 8_000) { Channels = 1, PreferredPayloadType = 0, RtcpFeedback = AudioFeedback },
            new("audio/PCMA", 8_000) { Channels = 1, PreferredPayloadType = 8, RtcpFeedback = AudioFeedback },
            new("audio/telephone-event", 48_000) { Channels = 1, PreferredPayloadType = 110 },
            new("audio/telephone-event", 8_000) { Channels = 1, PreferredPayloadType = 126 },
        ],
        HeaderExtensions =
        [
            new("urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
            new(AbsoluteSendTime),
            new(TransportWideCongestionControl),
            new(Mid),
            new("urn:ietf:params:rtp-hdrext:csrc-audio-level"),
        ],
    };

    /// <summary>VP8, VP9 profile 0, H.264 (constrained baseline and baseline, both packetisation modes) and AV1, each with RTX; repair packets (ULPFEC in RED).</summary>
    public static RtpCapabilities DefaultVideo { get; } = new()
    {
        Codecs =
        [
            Video("video/VP8", 96, null),
            Video("video/VP9", 98, "profile-id=0"),
            Video("video/H264", 102, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
            Video("video/H264", 104, "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f"),
            Video("video/H264", 106, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"),
            Video("video/AV1", 45, "level-idx=5;profile=0;tier=0"),
            new("video/red", 90_000) { PreferredPayloadType = 116, HasRtx = true },
            new("video/ulpfec", 90_000) { PreferredPayloadType = 118 },
        ],
        HeaderExtensions =
        [
            new("urn:ietf:params:rtp-hdrext:toffset"),
            new(AbsoluteSendTime),
            new("urn:3gpp:video-orientation"),
            new(TransportWideCongestionControl),
            new(Mid),
            new("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
            new("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"),
        ],
    };

    private static RtpCodecCapability Video(string mimeType, int payloadType, string? fmtp) => new(mimeType, 90_000)
    {
        SdpFmtpLine = fmtp,
        PreferredPayloadType = payloadType,
        RtcpFeedback = VideoFeedback,
        HasRtx = true,
    };
}
