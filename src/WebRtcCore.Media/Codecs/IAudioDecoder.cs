namespace WebRtcCore.Media;

/// <summary>
/// Decodes one stream to PCM. What it is given comes from the network and may be anything: it answers -1 and throws nothing. Calls come one after another, not
/// always from one thread. In steady state none of them should allocate.
/// </summary>
public interface IAudioDecoder : IDisposable
{
    /// <summary>The PCM that it gives.</summary>
    AudioFormat Format { get; }

    /// <summary>Samples per channel of the longest packet.</summary>
    int MaxFrameSize { get; }

    /// <summary>Whether it makes up lost frames itself, through <see cref="Conceal"/>.</summary>
    bool CanConceal { get; }

    /// <summary>Samples per channel that a packet holds, found without decoding it; -1 if it is malformed.</summary>
    int GetFrameSize(ReadOnlySpan<byte> encoded);

    /// <summary>Decodes the next packet.</summary>
    /// <param name="encoded">The packet's payload, borrowed.</param>
    /// <param name="pcm">Room for <see cref="MaxFrameSize"/> samples of each channel.</param>
    /// <returns>Samples per channel written; -1 if the packet is malformed.</returns>
    int Decode(ReadOnlySpan<byte> encoded, Span<short> pcm);

    /// <summary>Makes up what is missing, from what came before.</summary>
    /// <param name="pcm">To be filled: a multiple of 10 ms.</param>
    /// <returns>Samples per channel written; 0 if it cannot.</returns>
    int Conceal(Span<short> pcm);

    /// <summary>Decodes a lost packet from the redundancy that the one after it carries. That one is decoded afterwards.</summary>
    /// <param name="following">The payload of the packet after the lost one, borrowed.</param>
    /// <param name="pcm">To be filled: as long as the lost packet.</param>
    /// <returns>Samples per channel written; 0 if there is no redundancy.</returns>
    int DecodeRedundancy(ReadOnlySpan<byte> following, Span<short> pcm);
}
