namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// The payload formats that are known, by media type: VP8 (RFC 7741), VP9 (RFC 9628), H.264 (RFC 6184, packetisation modes 0 and 1), H.265 (RFC 7798), AV1 (RTP Payload Format
/// for AV1, version 1.0), Opus (RFC 7587), G.711, G.722 and L16 (RFC 3551), telephone events (RFC 4733). Letter case does not matter.
/// </summary>
public static class RtpPayloadFormats
{
    /// <summary>The smallest limit for a payload that a packetizer takes, in bytes.</summary>
    public const int MinPayloadSize = 64;

    private static readonly string[] Names = ["video/VP8", "video/VP9", "video/H264", "video/H265", "video/AV1", "audio/opus", "audio/PCMU", "audio/PCMA", "audio/G722", "audio/L16", "audio/telephone-event"];

    /// <summary>Whether frames of a media type can be cut and joined.</summary>
    public static bool IsSupported(string mimeType) => Names.Contains(mimeType, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether bytes have the form of an encoded frame: H.264 and H.265 with Annex B start codes, AV1 as a low-overhead OBU stream, anything else just not empty.
    /// </summary>
    public static bool IsFrame(string mimeType, ReadOnlySpan<byte> frame) => mimeType.ToUpperInvariant() switch
    {
        "VIDEO/H264" or "VIDEO/H265" => AnnexB.IsStream(frame),
        "VIDEO/AV1" => Av1Obu.IsStream(frame),
        _ => !frame.IsEmpty,
    };

    /// <summary>
    /// Whether a key frame, with which decoding can begin, starts in a packet: where a forwarder may change over from one stream to another. Every packet of audio does.
    /// </summary>
    /// <param name="mimeType">For example <c>video/VP8</c>.</param>
    /// <param name="payload">The packet's payload, borrowed.</param>
    /// <returns><see langword="false"/> also for formats that are not known, and for bytes that are none of the format.</returns>
    public static bool StartsKeyFrame(string mimeType, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        return KeyFrameStart.IsIn(mimeType, payload);
    }

    /// <summary>Creates a packetizer for one stream.</summary>
    /// <param name="mimeType">For example <c>video/H264</c>.</param>
    /// <param name="fmtp">The <c>a=fmtp</c> parameters, of which H.264's <c>packetization-mode</c> matters.</param>
    /// <exception cref="NotSupportedException">The media type is not supported.</exception>
    public static IRtpPacketizer CreatePacketizer(string mimeType, string? fmtp = null)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        return mimeType.ToUpperInvariant() switch
        {
            "VIDEO/VP8" => new Vp8Packetizer(),
            "VIDEO/VP9" => new Vp9Packetizer(),
            "VIDEO/H264" => new H264Packetizer(HasFragments(fmtp)),
            "VIDEO/H265" => new H265Packetizer(),
            "VIDEO/AV1" => new Av1Packetizer(),
            _ when IsSupported(mimeType) => new AudioPacketizer(),
            _ => throw NotSupported(mimeType),
        };
    }

    /// <summary>Creates a depacketizer for one stream.</summary>
    /// <param name="mimeType">For example <c>video/VP8</c>.</param>
    /// <exception cref="NotSupportedException">The media type is not supported.</exception>
    public static IRtpDepacketizer CreateDepacketizer(string mimeType)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        return mimeType.ToUpperInvariant() switch
        {
            "VIDEO/VP8" => new Vp8Depacketizer(),
            "VIDEO/VP9" => new Vp9Depacketizer(),
            "VIDEO/H264" => new H264Depacketizer(),
            "VIDEO/H265" => new H265Depacketizer(),
            "VIDEO/AV1" => new Av1Depacketizer(),
            _ when IsSupported(mimeType) => new AudioDepacketizer(),
            _ => throw NotSupported(mimeType),
        };
    }

    // RFC 6184 8.1: without the parameter it is mode 0, which knows neither aggregation nor fragments.
    private static bool HasFragments(string? fmtp)
    {
        foreach (var parameter in (fmtp ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            if (parameter.Equals("packetization-mode=1", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static NotSupportedException NotSupported(string mimeType) => new($"{mimeType} has no payload format here.");
}
