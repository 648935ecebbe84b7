using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore;

/// <summary>One encoded audio or video frame, as an encoder gives it and a decoder takes it.</summary>
/// <param name="Data">The encoded bytes; H.264 with Annex B start codes, AV1 as a low-overhead OBU stream. Whoever receives a frame owns them.</param>
/// <param name="TimestampTicks">The RTP timestamp: capture time in units of the codec's clock rate.</param>
public sealed record EncodedFrame(ReadOnlyMemory<byte> Data, uint TimestampTicks)
{
    /// <summary>Whether a decoder can begin with it. Always true for audio.</summary>
    public bool IsKeyFrame { get; init; } = true;

    /// <summary>The payload type it came with, or is to go with; <see langword="null"/> for the first negotiated codec.</summary>
    public int? PayloadType { get; init; }

    /// <summary>The codec it came with; <see langword="null"/> when sending.</summary>
    public RtpCodecParameters? Codec { get; init; }

    /// <summary>
    /// When it was captured, by the sender's wall clock; <see langword="null"/> when sending, and before the sender's first report. Audio and video of one sender
    /// with equal capture times belong together.
    /// </summary>
    public DateTimeOffset? CaptureTime { get; init; }

    /// <summary>The temporal layer that it came in, where the payload format tells; else 0.</summary>
    public int TemporalId { get; init; }

    /// <summary>Whether silence came before it, so that a jitter buffer may set its delay right (RFC 3551, 4.1); when sending audio.</summary>
    public bool BeginsTalkSpurt { get; init; }

    /// <summary>
    /// How loud it is, for the header extension of RFC 6464; when sending audio. Sound that is encoded here is measured, other frames say it where the application does.
    /// </summary>
    public AudioLevel? AudioLevel { get; init; }

    /// <summary>
    /// Those whose sound is mixed into it, at most 15, when sending: the peer's <c>getContributingSources</c> names them, with their levels (RFC 6465) where all are known.
    /// A mixer sets them with <see cref="RtpSender.Transform"/>.
    /// </summary>
    public IReadOnlyList<ContributingSource>? ContributingSources { get; init; }

    /// <summary>
    /// The simulcast layer that it came in or is to be sent as; <see langword="null"/> where there is one encoding. Frames of a layer that negotiation has not left,
    /// or that is not active, are dropped.
    /// </summary>
    public string? Rid { get; init; }
}
