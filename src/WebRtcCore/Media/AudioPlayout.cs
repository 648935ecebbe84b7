using WebRtcCore.Diagnostics;
using WebRtcCore.Media;
using WebRtcCore.Media.Playout;
using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>
/// The decoded sound of a receiver, pulled by whoever plays it: a sound card's callback, a mixer, a recorder. Jitter, losses and the drift of clocks are taken care of
/// (<see cref="PlayoutBuffer"/>). Safe to use from any thread; dispose of it to let another reader have the sound.
/// </summary>
public sealed class AudioPlayout : IDisposable
{
    // Streams that began anew; packets of older ones are left out.
    private const int MaxOldStreams = 8;

    private readonly RtpReceiver _receiver;
    private readonly MediaEnvironment _environment;
    private readonly AudioPacketQueue _arrived = new();
    private readonly Lock _gate = new();
    private readonly PlayoutBuffer _buffer;
    private readonly short[] _frame;
    private readonly Queue<Ssrc> _oldStreams = new();
    private AudioPacketQueue.Item _packet;
    private Ssrc? _stream;
    private int _rest;
    private bool _isDisposed;
    private long _framesGiven;
    private long _missedTicks;
    private long _missedEvents;

    internal AudioPlayout(RtpReceiver receiver, MediaEnvironment environment, AudioFormat format)
    {
        _receiver = receiver;
        _environment = environment;
        _buffer = new PlayoutBuffer(format, environment.Options.Playout);
        _frame = new short[_buffer.FrameLength];
    }

    /// <summary>Rate and channels.</summary>
    public AudioFormat Format => _buffer.Format;

    /// <summary>Samples of 10 ms, of all channels.</summary>
    public int FrameLength => _buffer.FrameLength;

    /// <summary>
    /// Gives the next sound. Whoever reads sets the pace: as many samples as its clock has counted. All of <paramref name="samples"/> is written, with silence where
    /// there is nothing.
    /// </summary>
    /// <param name="samples">Any number of samples, channels side by side.</param>
    /// <exception cref="ArgumentException">Not a whole number of samples for each channel.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public void Read(Span<short> samples)
    {
        if (samples.Length % Format.Channels != 0)
        {
            throw new ArgumentException("There is one sample for each channel.", nameof(samples));
        }

        lock (_gate)
        {
            while (!samples.IsEmpty)
            {
                if (_rest == 0)
                {
                    ReadFrame(_frame);
                    _rest = _frame.Length;
                }

                var length = Math.Min(_rest, samples.Length);
                _frame.AsSpan(_frame.Length - _rest, length).CopyTo(samples);
                _rest -= length;
                samples = samples[length..];
            }
        }
    }

    /// <summary>What has been played so far, and how.</summary>
    public PlayoutStats GetStats()
    {
        lock (_gate)
        {
            return _buffer.GetStats();
        }
    }

    /// <summary>Frames of 10 ms given to the reader.</summary>
    internal long FramesGiven => Interlocked.Read(ref _framesGiven);

    /// <summary>How much sound the reader was too late for.</summary>
    internal TimeSpan Missed => TimeSpan.FromTicks(Interlocked.Read(ref _missedTicks));

    /// <summary>How often it was.</summary>
    internal long MissedEvents => Interlocked.Read(ref _missedEvents);

    /// <summary>Ends the reading and releases the decoders.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _buffer.Dispose();
            }
        }

        _receiver.Audio.Release(this);
    }

    /// <summary>Gives 10 ms.</summary>
    internal PlayoutFrameKind ReadNext(Span<short> samples)
    {
        lock (_gate)
        {
            return ReadFrame(samples);
        }
    }

    /// <summary>The reader was so late that some sound is left out for it.</summary>
    internal void OnMissed(TimeSpan duration)
    {
        Interlocked.Add(ref _missedTicks, duration.Ticks);
        Interlocked.Increment(ref _missedEvents);
    }

    /// <summary>Takes a packet in; on the loop.</summary>
    internal void OnPacket(in RtpReceived received) => _arrived.Add(received, _environment.Clock.Now);

    private PlayoutFrameKind ReadFrame(Span<short> samples)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (_arrived.TryTake(ref _packet))
        {
            Insert();
        }

        Interlocked.Increment(ref _framesGiven);
        return _buffer.GetFrame(samples, _environment.Clock.Now);
    }

    private void Insert()
    {
        if (!TryFollow(_packet.Ssrc) || !TryPrepare(_packet.PayloadType, out var codec))
        {
            return;
        }

        var payload = _packet.Payload;
        if (_receiver.Transform is { } transform)
        {
            var frame = new EncodedFrame(payload.ToArray(), _packet.TimestampTicks) { PayloadType = _packet.PayloadType, Codec = codec };
            if (transform(frame) is not { } transformed)
            {
                return;
            }

            payload = transformed.Data.Span;
        }

        _buffer.Insert(_packet.PayloadType, _packet.Number, _packet.TimestampTicks, payload, _packet.Arrival);
    }

    private bool TryFollow(Ssrc stream)
    {
        if (stream == _stream)
        {
            return true;
        }

        if (_oldStreams.Contains(stream))
        {
            return false;
        }

        if (_stream is { } old)
        {
            if (_oldStreams.Count == MaxOldStreams)
            {
                _oldStreams.Dequeue();
            }

            _oldStreams.Enqueue(old);
            _buffer.Reset();
        }

        _stream = stream;
        return true;
    }

    // Decoders are made when the first packet of their payload type comes: most of what is negotiated is never used. Payload types keep their meaning over all
    // negotiations.
    private bool TryPrepare(byte payloadType, out RtpCodecParameters? codec)
    {
        codec = Find(_receiver.Codecs, payloadType);
        if (codec is null || codec.IsResiliencyMechanism)
        {
            return false;
        }

        if (_buffer.HasDecoder(payloadType))
        {
            return true;
        }

        var format = MediaCodecs.ToFormat(codec);
        if (_environment.Options.AudioCodecs.FirstOrDefault(known => known.Supports(format)) is not { } found)
        {
            Log.NoCodec(_environment.Logger, codec.MimeType);
            return false;
        }

        _buffer.SetDecoder(payloadType, codec.ClockRate, found.CreateDecoder(format, Format));
        return true;
    }

    private static RtpCodecParameters? Find(IReadOnlyList<RtpCodecParameters> codecs, byte payloadType)
    {
        // By index: a packet must not cost an enumerator.
        for (var i = 0; i < codecs.Count; i++)
        {
            if (codecs[i].PayloadType == payloadType)
            {
                return codecs[i];
            }
        }

        return null;
    }
}
