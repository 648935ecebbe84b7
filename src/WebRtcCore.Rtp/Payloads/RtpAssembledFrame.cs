using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Frames;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>An encoded frame as it was sent, put together from its packets.</summary>
/// <param name="Data">The encoded bytes, given: H.264 with Annex B start codes, AV1 as a low-overhead OBU stream with a temporal delimiter.</param>
/// <param name="TimestampTicks">The RTP timestamp, in ticks of the payload type's clock rate.</param>
/// <param name="PayloadType">The payload type that it came with.</param>
/// <param name="IsKeyFrame">Whether a decoder can begin with it; always so for audio.</param>
public sealed record RtpAssembledFrame(ReadOnlyMemory<byte> Data, uint TimestampTicks, PayloadType PayloadType, bool IsKeyFrame)
{
    /// <summary>
    /// When it was captured, by the sender's wall clock: the timestamp in the light of the last sender report (RFC 3550, 6.4.1). Frames of one sender, of audio
    /// and video, with equal times belong together. <see langword="null"/> before the first report.
    /// </summary>
    public NtpTimestamp? CaptureTime { get; init; }

    /// <summary>The temporal layer, where the payload format tells; else 0.</summary>
    public int TemporalId => Layers.TemporalId;

    /// <summary>The highest spatial layer in it, where the payload format tells; else 0.</summary>
    public int SpatialId => Layers.SpatialId;

    /// <summary>The frame's place among the others.</summary>
    internal FrameLayers Layers { get; init; }

    /// <summary>Whether something is missing between the frame before and this one.</summary>
    internal bool IsAfterLoss { get; init; }

    /// <summary>How many packets it came in.</summary>
    internal int PacketCount { get; init; }

    /// <summary>The dependency descriptor of its first packet, as it came.</summary>
    internal byte[]? Descriptor { get; init; }

    /// <summary>When its first packet came in.</summary>
    internal Instant FirstArrived { get; init; }

    /// <summary>When its last packet came in.</summary>
    internal Instant LastArrived { get; init; }
}
