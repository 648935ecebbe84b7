using WebRtcCore.Media.Playout;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests.Playout;

/// <summary>A sender of a tone, a network, and a <see cref="PlayoutBuffer"/> that is read every 10 ms, in virtual time.</summary>
internal sealed class PlayoutRun : IDisposable
{
    private static readonly TimeSpan FrameDuration = TimeSpan.FromMilliseconds(20);

    private readonly Random _random;
    private readonly AudioFormat _format;
    private readonly IAudioEncoder _encoder;
    private readonly PriorityQueue<Packet, long> _network = new();
    private readonly short[] _pcm;
    private readonly short[] _output;
    private Instant _nextSend = VirtualClock.Start;
    private Instant _nextPlay = VirtualClock.Start + TimeSpan.FromMilliseconds(3);
    private short _previous;

    public PlayoutRun(int seed, AudioFormat? format = null, IAudioCodec? codec = null, CodecFormat? negotiated = null, PlayoutOptions? options = null)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        _random = new Random(seed);
        _format = format ?? new AudioFormat(16_000, 1);
        codec ??= L16Codec.Instance;
        negotiated ??= new CodecFormat("audio/L16", _format.SampleRate) { Channels = _format.Channels };
        _encoder = codec.CreateEncoder(negotiated, _format);
        Assert.That(_encoder.Format.ToDuration(_encoder.FrameSize), Is.EqualTo(FrameDuration));
        Source = new Tone(_encoder.Format.SampleRate, 440, channels: _encoder.Format.Channels);
        Buffer = new PlayoutBuffer(_format, options ?? PlayoutOptions.Default);
        Buffer.SetDecoder(96, negotiated.ClockRate, codec.CreateDecoder(negotiated, _format));
        ClockRate = negotiated.ClockRate;
        _pcm = new short[_encoder.FrameSize * _encoder.Format.Channels];
        _output = new short[Buffer.FrameLength];
    }

    public PlayoutBuffer Buffer { get; }

    public Tone Source { get; set; }

    public int ClockRate { get; }

    /// <summary>How much faster the sender's clock runs, in parts per million.</summary>
    public double DriftPpm { get; set; }

    public double LossRate { get; set; }

    /// <summary>On its way: at least this.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>On its way: uniformly up to so much more, so that packets overtake each other.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Whether a packet, by its number, is lost for certain.</summary>
    public Func<long, bool> Loses { get; set; } = _ => false;

    /// <summary>Further delay of a packet, by its number.</summary>
    public Func<long, TimeSpan> Delays { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Whether the sender is silent and sends nothing at a packet's time.</summary>
    public Func<long, bool> IsSilent { get; set; } = _ => false;

    public long Number { get; set; } = 1000;

    public uint Timestamp { get; set; } = 7000;

    /// <summary>Packets of the run so far.</summary>
    public long Sent { get; private set; }

    /// <summary>What was played since the last <see cref="Forget"/>.</summary>
    public List<short> Played { get; } = [];

    public bool Records { get; set; } = true;

    /// <summary>The greatest step between samples of the first channel.</summary>
    public int MaxStep { get; private set; }

    /// <summary>The greatest delay that the buffer had, and the least.</summary>
    public TimeSpan MaxDelay { get; private set; }

    public TimeSpan MinDelay { get; private set; } = TimeSpan.MaxValue;

    public PlayoutStats Stats => Buffer.GetStats();

    public double ConcealedShare => (double)Stats.ConcealedSamples / Stats.TotalSamplesReceived;

    /// <summary>The mean time that samples waited.</summary>
    public TimeSpan MeanDelay => Stats.JitterBufferDelay / Stats.JitterBufferEmittedCount;

    public Instant Now { get; private set; } = VirtualClock.Start;

    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (true)
        {
            var arrival = _network.TryPeek(out var packet, out var ticks) ? new Instant(ticks) : (Instant?)null;
            Now = Instant.Min(Instant.Min(_nextSend, _nextPlay), arrival ?? _nextSend);
            if (Now >= end)
            {
                Now = end;
                return;
            }

            if (Now == arrival)
            {
                _network.Dequeue();
                Buffer.Insert(96, packet.Number, packet.Timestamp, packet.Payload, Now);
            }
            else if (Now == _nextSend)
            {
                Send();
            }
            else
            {
                Play();
            }
        }
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Forget()
    {
        Played.Clear();
        MaxStep = 0;
        MaxDelay = TimeSpan.Zero;
        MinDelay = TimeSpan.MaxValue;
    }

    public void Dispose()
    {
        Buffer.Dispose();
        _encoder.Dispose();
    }

    private void Send()
    {
        Source.Fill(_pcm);
        if (!IsSilent(Sent))
        {
            var encoded = new byte[_encoder.MaxEncodedSize];
            var payload = encoded.AsSpan(0, _encoder.Encode(_pcm, encoded)).ToArray();
            if (!Loses(Sent) && _random.NextDouble() >= LossRate)
            {
                var arrival = _nextSend + Delay + (Jitter * _random.NextDouble()) + Delays(Sent);
                _network.Enqueue(new Packet(Number, Timestamp, payload), arrival.Ticks);
            }

            Number++;
        }

        Timestamp += (uint)(ClockRate / 50);
        Sent++;
        _nextSend += FrameDuration / (1 + (DriftPpm / 1e6));
    }

    private void Play()
    {
        Buffer.GetFrame(_output, Now);
        for (var i = 0; i < _output.Length; i += _format.Channels)
        {
            MaxStep = Math.Max(MaxStep, Math.Abs(_output[i] - _previous));
            _previous = _output[i];
            if (Records)
            {
                Played.Add(_output[i]);
            }
        }

        var delay = Buffer.GetStats().CurrentDelay;
        MaxDelay = delay > MaxDelay ? delay : MaxDelay;
        MinDelay = delay < MinDelay ? delay : MinDelay;
        _nextPlay += TimeSpan.FromMilliseconds(10);
    }

    private readonly record struct Packet(long Number, uint Timestamp, byte[] Payload);
}
