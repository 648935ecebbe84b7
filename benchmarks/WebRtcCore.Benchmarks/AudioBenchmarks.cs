using BenchmarkDotNet.Attributes;
using WebRtcCore.Media;
using WebRtcCore.Media.Audio;
using WebRtcCore.Media.Opus;
using WebRtcCore.Media.Playout;
using WebRtcCore.Primitives;

namespace WebRtcCore.Benchmarks;

/// <summary>Sound: what a frame costs to encode, to decode, and to be played 10 ms at a time.</summary>
[MemoryDiagnoser]
public class AudioBenchmarks : IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(10);

    private readonly OpusEncoder _encoder = new(AudioFormat.Mono48Khz, OpusOptions.Default);
    private readonly OpusDecoder _decoder = new(AudioFormat.Mono48Khz);
    private readonly PlayoutBuffer _opus = new(AudioFormat.Mono48Khz, PlayoutOptions.Default);
    private readonly PlayoutBuffer _g711 = new(AudioFormat.Mono48Khz, PlayoutOptions.Default);
    private readonly AudioResampler _resampler = new(44_100, 48_000, 1);
    private readonly short[] _pcm = new short[960];
    private readonly short[] _decoded = new short[5760];
    private readonly short[] _played = new short[480];
    private readonly byte[] _encoded = new byte[1100];
    private readonly byte[] _packet = new byte[1100];
    private readonly byte[] _g711Packet = new byte[160];
    private int _length;
    private long _number;
    private long _g711Number;
    private Instant _now = Instant.Zero + TimeSpan.FromHours(1);

    [GlobalSetup]
    public void Setup()
    {
        // Something like a voice: a few partials, up and down.
        for (var i = 0; i < _pcm.Length; i++)
        {
            var t = i / 48_000.0;
            _pcm[i] = (short)(4000 * Math.Sin(2 * Math.PI * 150 * t) * (1 + Math.Sin(2 * Math.PI * 100 * t)) + (1000 * Math.Sin(2 * Math.PI * 1800 * t)));
        }

        _opus.SetDecoder(111, 48_000, new OpusDecoder(AudioFormat.Mono48Khz));
        var pcmu = new CodecFormat("audio/PCMU", 8_000);
        _g711.SetDecoder(0, 8_000, G711Codec.Instance.CreateDecoder(pcmu, AudioFormat.Mono48Khz));
        _length = _encoder.Encode(_pcm, _packet);
    }

    [Benchmark]
    public int Opus_Encode_20Ms() => _encoder.Encode(_pcm, _encoded);

    [Benchmark]
    public int Opus_Decode_20Ms() => _decoder.Decode(_packet.AsSpan(0, _length), _decoded);

    /// <summary>A packet of 20 ms comes in, and twice 10 ms go out.</summary>
    [Benchmark]
    public int Playout_Opus_20Ms()
    {
        _opus.Insert(111, ++_number, (uint)(_number * 960), _packet.AsSpan(0, _length), _now);
        return (int)Play(_opus) + (int)Play(_opus);
    }

    /// <summary>The same with a tenth of the packets lost, decoded at 8 kHz, made up and brought to 48 kHz.</summary>
    [Benchmark]
    public int Playout_G711_20Ms()
    {
        if (++_g711Number % 10 != 0)
        {
            _g711.Insert(0, _g711Number, (uint)(_g711Number * 160), _g711Packet, _now);
        }

        return (int)Play(_g711) + (int)Play(_g711);
    }

    [Benchmark]
    public int Resample_44100To48000_10Ms() => _resampler.Resample(_pcm.AsSpan(0, 441), _decoded);

    [GlobalCleanup]
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        _opus.Dispose();
        _g711.Dispose();
        GC.SuppressFinalize(this);
    }

    private PlayoutFrameKind Play(PlayoutBuffer buffer)
    {
        _now += Frame;
        return buffer.GetFrame(_played, _now);
    }
}
