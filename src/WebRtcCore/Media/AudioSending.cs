using WebRtcCore.Diagnostics;
using WebRtcCore.Media;
using WebRtcCore.Media.Audio;
using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>
/// Encodes the PCM of a sender's track, on the thread that writes it, and gives the frames to the sender. The encoder comes with the first PCM after negotiation.
/// </summary>
internal sealed class AudioSending(RtpSender sender, Func<MediaEnvironment> environment)
{
    // A writer that is later than this has paused: the timestamps follow the clock then, and a talk spurt begins.
    private static readonly TimeSpan MaxLateness = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly AudioActivity _activity = new();
    private IReadOnlyList<RtpCodecParameters>? _negotiated;
    private RtpCodecParameters? _codec;
    private IAudioEncoder? _encoder;
    private AudioConverter? _converter;
    private short[] _converted = [];
    private short[] _frame = [];
    private byte[] _encoded = [];
    private int _frameLength;
    private Instant? _due;
    private uint _timestamp;
    private bool _beginsTalkSpurt = true;
    private bool _isClosed;
    private long _targetBps = -1;
    private double _expectedLoss;

    /// <summary>What congestion control wants, in bits per second. From any thread.</summary>
    public void SetTargetBitrate(long bitrateBps) => Interlocked.Exchange(ref _targetBps, bitrateBps);

    /// <summary>The share of packets that the peer reports lost. From any thread.</summary>
    public void SetExpectedLoss(double fraction) => Volatile.Write(ref _expectedLoss, fraction);

    /// <summary>Encodes and sends.</summary>
    /// <param name="samples">Any number of samples; borrowed.</param>
    /// <param name="format">Their format.</param>
    public void Write(ReadOnlySpan<short> samples, AudioFormat format)
    {
        lock (_gate)
        {
            if (_isClosed || !sender.IsSending || !TryPrepare(format))
            {
                return;
            }

            FollowClock(format.ToDuration(samples.Length / format.Channels));
            ApplyTargets();
            var room = _converter!.GetMaxOutput(samples.Length / format.Channels) * _encoder!.Format.Channels;
            if (_converted.Length < room)
            {
                _converted = new short[room];
            }

            var length = _converter.Convert(samples, _converted) * _encoder.Format.Channels;
            Append(_converted.AsSpan(0, length));
        }
    }

    /// <summary>Releases the encoder for good.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Release();
        }
    }

    private bool TryPrepare(AudioFormat source)
    {
        var negotiated = sender.Codecs;
        if (ReferenceEquals(negotiated, _negotiated) && (_encoder is null || _converter!.Source == source))
        {
            return _encoder is not null;
        }

        _negotiated = negotiated;
        var found = MediaCodecs.FindAudio(negotiated, environment().Options.AudioCodecs);
        if (_encoder is not null && found?.Parameters == _codec && _converter!.Source == source)
        {
            return true;
        }

        Release();
        if (found is not { } codec)
        {
            if (negotiated.Count > 0)
            {
                Log.NoCodec(environment().Logger, string.Join(", ", negotiated.Select(c => c.MimeType)));
            }

            return false;
        }

        _codec = codec.Parameters;
        _encoder = codec.Codec.CreateEncoder(MediaCodecs.ToFormat(_codec), source);
        _converter = new AudioConverter(source, _encoder.Format);
        _frame = new short[_encoder.FrameSize * _encoder.Format.Channels];
        _encoded = new byte[_encoder.MaxEncodedSize];
        _frameLength = 0;
        if (_timestamp == 0)
        {
            _timestamp = environment().Random.NextUInt32();
        }

        return true;
    }

    private void FollowClock(TimeSpan duration)
    {
        var now = environment().Clock.Now;
        if (_due is { } due && now - due > MaxLateness)
        {
            _timestamp += (uint)((now - due).TotalSeconds * _codec!.ClockRate);
            _beginsTalkSpurt = true;
            _due = now;
        }

        _due = (_due ?? now) + duration;
    }

    private void ApplyTargets()
    {
        if (Interlocked.Read(ref _targetBps) is var target and >= 0)
        {
            _encoder!.SetTargetBitrate(target);
        }

        _encoder!.SetExpectedLoss(Volatile.Read(ref _expectedLoss));
    }

    private void Append(ReadOnlySpan<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var length = Math.Min(samples.Length, _frame.Length - _frameLength);
            samples[..length].CopyTo(_frame.AsSpan(_frameLength));
            samples = samples[length..];
            _frameLength += length;
            if (_frameLength == _frame.Length)
            {
                _frameLength = 0;
                SendFrame();
            }
        }
    }

    private void SendFrame()
    {
        var level = _activity.Measure(_frame, _encoder!.Format.ToDuration(_encoder.FrameSize));
        var length = _encoder.Encode(_frame, _encoded);
        if (sender.Dtmf!.IsSounding)
        {
            // A key takes the place of the voice.
            length = 0;
        }

        if (length > 0)
        {
            sender.SendFrame(new EncodedFrame(_encoded.AsSpan(0, length).ToArray(), _timestamp)
            {
                PayloadType = _codec!.PayloadType,
                BeginsTalkSpurt = _beginsTalkSpurt,
                AudioLevel = level,
            });
        }

        // RFC 3551 4.1: the marker is for the first packet after silence.
        _beginsTalkSpurt = length <= 0;
        _timestamp += (uint)((long)_encoder.FrameSize * _codec!.ClockRate / _encoder.Format.SampleRate);
    }

    private void Release()
    {
        _encoder?.Dispose();
        _encoder = null;
        _converter = null;
        _codec = null;
    }
}
