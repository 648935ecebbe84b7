namespace WebRtcCore.Media;

/// <summary>
/// Encodes one stream of PCM. Calls come one after another, not always from one thread. In steady state none of them should allocate.
/// </summary>
public interface IAudioEncoder : IDisposable
{
    /// <summary>The PCM that it takes.</summary>
    AudioFormat Format { get; }

    /// <summary>Samples per channel of each frame.</summary>
    int FrameSize { get; }

    /// <summary>The longest encoded frame, in bytes. It must fit in one packet: 1,100 bytes at most.</summary>
    int MaxEncodedSize { get; }

    /// <summary>Encodes the next frame.</summary>
    /// <param name="pcm"><see cref="FrameSize"/> samples of each channel, borrowed.</param>
    /// <param name="encoded">At least <see cref="MaxEncodedSize"/> bytes.</param>
    /// <returns>The bytes written; 0 if nothing needs to be sent for this frame, as in silence with discontinuous transmission.</returns>
    int Encode(ReadOnlySpan<short> pcm, Span<byte> encoded);

    /// <summary>What to make from now on, in bits per second of payload, as congestion control finds it. A codec with a fixed rate ignores it.</summary>
    void SetTargetBitrate(long bitrateBps);

    /// <summary>The share of packets that the peer reports lost, 0 to 1: for codecs that can add redundancy.</summary>
    void SetExpectedLoss(double fraction);
}
