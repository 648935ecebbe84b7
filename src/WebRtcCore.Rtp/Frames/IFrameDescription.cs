namespace WebRtcCore.Rtp.Frames;

/// <summary>A depacketizer whose payloads tell the frame's place among the others.</summary>
internal interface IFrameDescription
{
    /// <summary>What the payloads of the frame that was completed last have told.</summary>
    FrameLayers Layers { get; }

    /// <summary>The number of the frame that begins with a payload, and its bits; <see langword="null"/> if none begins with it, or it has no number.</summary>
    (int Number, int Bits)? PeekNumber(ReadOnlySpan<byte> payload);
}
