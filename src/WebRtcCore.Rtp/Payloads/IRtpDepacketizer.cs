using System.Buffers;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Joins RTP payloads to the encoded frame that they were cut from. <see cref="RtpFrameAssembler"/> finds the payloads that belong together.</summary>
public interface IRtpDepacketizer
{
    /// <summary>Whether every packet is a frame of its own, as with audio.</summary>
    bool IsOnePacketPerFrame { get; }

    /// <summary>Whether a payload says of itself that a frame begins with it. Where the format does not tell, the answer is <see langword="false"/>.</summary>
    bool IsFrameStart(ReadOnlySpan<byte> payload);

    /// <summary>Starts a frame.</summary>
    void Begin();

    /// <summary>Adds the next payload of the frame, in order and without gaps.</summary>
    /// <param name="payload">The payload, borrowed; not empty.</param>
    /// <param name="frame">Where the encoded bytes go.</param>
    /// <returns><see langword="false"/> if the payload is malformed: the frame is damaged.</returns>
    bool TryAppend(ReadOnlySpan<byte> payload, IBufferWriter<byte> frame);

    /// <summary>Ends the frame.</summary>
    /// <param name="isKeyFrame">Whether a decoder can begin with it.</param>
    /// <returns><see langword="false"/> if something is missing.</returns>
    bool TryComplete(out bool isKeyFrame);
}
