namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// Cuts encoded frames into RTP payloads. One object serves one stream, frame after frame; it keeps what runs through the stream, such as picture numbers.
/// </summary>
public interface IRtpPacketizer
{
    /// <summary>Starts a frame; what was left of the one before is forgotten.</summary>
    /// <param name="frame">The encoded frame, <em>lent</em> until its last payload is written.</param>
    /// <param name="maxPayloadSize">The longest payload in bytes, at least <see cref="RtpPayloadFormats.MinPayloadSize"/>.</param>
    /// <returns><see langword="false"/> if the bytes are no frame of this format, or one that cannot be cut to this size; there is nothing to write then.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPayloadSize"/> is too small.</exception>
    bool TryBegin(ReadOnlyMemory<byte> frame, int maxPayloadSize);

    /// <summary>Writes the next payload of the frame.</summary>
    /// <param name="payload">Where it goes: at least as long as the longest payload.</param>
    /// <param name="length">Its length.</param>
    /// <param name="isLast">Whether it ends the frame; for video that is the marker bit.</param>
    /// <returns><see langword="false"/> when the frame has been written.</returns>
    bool TryWriteNext(Span<byte> payload, out int length, out bool isLast);
}
