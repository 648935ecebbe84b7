using Concentus;

namespace WebRtcCore.Media.Concentus;

/// <summary>Frames of 20 ms. Not for several threads at once.</summary>
internal sealed class ConcentusEncoder : IAudioEncoder
{
    private const int DefaultBitrateBps = 32_000;
    private readonly IOpusEncoder _encoder;

    public ConcentusEncoder(IOpusEncoder encoder, AudioFormat format)
    {
        _encoder = encoder;
        Format = format;
        _encoder.Bitrate = DefaultBitrateBps;
    }

    public AudioFormat Format { get; }

    public int FrameSize => Format.SampleRate / 50;

    public int MaxEncodedSize => 1_100;

    // RFC 7587 3.1.3: a packet of two bytes or less need not be sent.
    public int Encode(ReadOnlySpan<short> pcm, Span<byte> encoded) =>
        _encoder.Encode(pcm, FrameSize, encoded, MaxEncodedSize) is var length && _encoder.UseDTX && length <= 2 ? 0 : length;

    public void SetTargetBitrate(long bitrateBps) => _encoder.Bitrate = (int)Math.Clamp(bitrateBps, 6_144, DefaultBitrateBps);

    public void SetExpectedLoss(double fraction) => _encoder.PacketLossPercent = (int)Math.Clamp(Math.Round(fraction * 100), 0, 100);

    public void Dispose() => _encoder.Dispose();
}
