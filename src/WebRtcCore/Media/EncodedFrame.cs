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

    /// <summary>The simulcast layer; <see langword="null"/> where there is one encoding.</summary>
    public string? Rid { get; init; }
}
