namespace WebRtcCore.Media;

/// <summary>How samples of a codec without memory are written, one by one.</summary>
/// <param name="BytesPerSample">Bytes of one encoded sample.</param>
/// <param name="Encode">Samples to bytes; both borrowed, of matching lengths.</param>
/// <param name="Decode">Bytes to samples; both borrowed, of matching lengths.</param>
internal sealed record SampleCoding(int BytesPerSample, SampleCoding.Encoder Encode, SampleCoding.Decoder Decode)
{
    public delegate void Encoder(ReadOnlySpan<short> samples, Span<byte> encoded);

    public delegate void Decoder(ReadOnlySpan<byte> encoded, Span<short> samples);
}
