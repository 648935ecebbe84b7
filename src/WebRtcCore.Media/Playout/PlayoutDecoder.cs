using WebRtcCore.Media.Audio;

namespace WebRtcCore.Media.Playout;

/// <summary>A decoder of one payload type, and the way from its PCM to that which is played.</summary>
internal sealed class PlayoutDecoder : IDisposable
{
    private readonly IAudioDecoder _decoder;
    private readonly AudioFormat _output;
    private readonly AudioConverter _converter;
    private readonly short[] _decoded;
    private readonly short[] _converted;

    public PlayoutDecoder(IAudioDecoder decoder, int clockRate, AudioFormat output)
    {
        _decoder = decoder;
        _output = output;
        ClockRate = clockRate;
        _converter = new AudioConverter(decoder.Format, output);
        _decoded = new short[decoder.MaxFrameSize * decoder.Format.Channels];
        _converted = new short[_converter.GetMaxOutput(decoder.MaxFrameSize) * output.Channels];
    }

    public int ClockRate { get; }

    public bool CanConceal => _decoder.CanConceal;

    /// <summary>Samples per channel of a packet, at the rate played; -1 if it is malformed or longer than the decoder gives.</summary>
    public int GetDuration(ReadOnlySpan<byte> payload) =>
        _decoder.GetFrameSize(payload) is > 0 and var samples && samples <= _decoder.MaxFrameSize
            ? (int)((long)samples * _output.SampleRate / _decoder.Format.SampleRate)
            : -1;

    /// <summary>Ticks of the RTP clock as samples per channel at the rate played.</summary>
    public long ToSamples(long ticks) => ticks * _output.SampleRate / ClockRate;

    /// <summary>The decoded packet; empty if it is malformed. Valid until the next call.</summary>
    public ReadOnlySpan<short> Decode(ReadOnlySpan<byte> payload) => Convert(_decoder.Decode(payload, _decoded));

    /// <summary>So many samples per channel made up; empty if the decoder cannot. Valid until the next call.</summary>
    public ReadOnlySpan<short> Conceal(int samples) => _decoder.CanConceal ? Convert(_decoder.Conceal(Room(samples))) : default;

    /// <summary>So many samples per channel, out of the packet that follows them; empty if they are not there. Valid until the next call.</summary>
    public ReadOnlySpan<short> DecodeRedundancy(ReadOnlySpan<byte> following, int samples) => Convert(_decoder.DecodeRedundancy(following, Room(samples)));

    public void Dispose() => _decoder.Dispose();

    private Span<short> Room(int samples) =>
        _decoded.AsSpan(0, (int)Math.Min(_decoder.MaxFrameSize, (long)samples * _decoder.Format.SampleRate / _output.SampleRate) * _decoder.Format.Channels);

    private ReadOnlySpan<short> Convert(int samples)
    {
        if (samples <= 0 || samples > _decoder.MaxFrameSize)
        {
            return default;
        }

        var written = _converter.Convert(_decoded.AsSpan(0, samples * _decoder.Format.Channels), _converted);
        return _converted.AsSpan(0, written * _output.Channels);
    }
}
