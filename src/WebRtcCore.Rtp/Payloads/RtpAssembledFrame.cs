namespace WebRtcCore.Rtp.Payloads;

/// <summary>An encoded frame as it was sent, put together from its packets.</summary>
/// <param name="Data">The encoded bytes, given: H.264 with Annex B start codes, AV1 as a low-overhead OBU stream with a temporal delimiter.</param>
/// <param name="TimestampTicks">The RTP timestamp, in ticks of the payload type's clock rate.</param>
/// <param name="PayloadType">The payload type that it came with.</param>
/// <param name="IsKeyFrame">Whether a decoder can begin with it; always so for audio.</param>
public sealed record RtpAssembledFrame(ReadOnlyMemory<byte> Data, uint TimestampTicks, PayloadType PayloadType, bool IsKeyFrame);
