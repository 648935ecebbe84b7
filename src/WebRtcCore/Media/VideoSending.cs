using System.Buffers;
using WebRtcCore.Diagnostics;
using WebRtcCore.Media;
using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>
/// Encodes the pictures of a sender's track, on the thread that writes them, and gives the frames to the sender. The encoder comes with the first picture after
/// negotiation.
/// </summary>
internal sealed class VideoSending(RtpSender sender, Func<MediaEnvironment> environment)
{
    private const int ClockRate = 90_000;

    private readonly Lock _gate = new();
    private IReadOnlyList<RtpCodecParameters>? _negotiated;
    private RtpCodecParameters? _codec;
    private IVideoEncoder? _encoder;
    private uint _origin;
    private int _isKeyFrameWanted;
    private bool _isClosed;
    private long _targetBps = -1;

    /// <summary>What congestion control wants, in bits per second. From any thread.</summary>
    public void SetTargetBitrate(long bitrateBps) => Interlocked.Exchange(ref _targetBps, bitrateBps);

    /// <summary>The next picture becomes a key frame. From any thread.</summary>
    public void RequestKeyFrame() => Volatile.Write(ref _isKeyFrameWanted, 1);

    /// <summary>Encodes and sends.</summary>
    /// <param name="picture">The picture; borrowed.</param>
    public void Write(VideoPicture picture)
    {
        lock (_gate)
        {
            if (_isClosed || !sender.IsSending || !TryPrepare())
            {
                return;
            }

            if (Interlocked.Read(ref _targetBps) is var target and >= 0)
            {
                _encoder!.SetTargetBitrate(target);
            }

            var isWanted = Interlocked.Exchange(ref _isKeyFrameWanted, 0) != 0;
            var encoded = new ArrayBufferWriter<byte>();
            if (!_encoder!.TryEncode(picture, isWanted, encoded, out var isKeyFrame) || encoded.WrittenCount == 0)
            {
                // The request stands until a key frame has been made.
                Interlocked.Or(ref _isKeyFrameWanted, isWanted ? 1 : 0);
                return;
            }

            sender.SendFrame(new EncodedFrame(encoded.WrittenMemory, picture.TimestampTicks ?? Now()) { PayloadType = _codec!.PayloadType, IsKeyFrame = isKeyFrame });
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

    private bool TryPrepare()
    {
        var negotiated = sender.Codecs;
        if (ReferenceEquals(negotiated, _negotiated))
        {
            return _encoder is not null;
        }

        _negotiated = negotiated;
        var found = MediaCodecs.FindVideo(negotiated, environment().Options.VideoCodecs);
        if (_encoder is not null && found?.Parameters == _codec)
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
        _encoder = codec.Codec.CreateEncoder(MediaCodecs.ToFormat(_codec));
        _origin = _origin == 0 ? environment().Random.NextUInt32() : _origin;
        return true;
    }

    private uint Now() => _origin + (uint)(long)(environment().Clock.Now.SinceOrigin.TotalSeconds * ClockRate);

    private void Release()
    {
        _encoder?.Dispose();
        _encoder = null;
        _codec = null;
    }
}
