using System.Runtime.CompilerServices;
using WebRtcCore.Diagnostics;
using WebRtcCore.Media;

namespace WebRtcCore;

/// <summary>Decodes the frames of one receiver to pictures, on the reader's thread; asks for a key frame whenever the decoder cannot go on.</summary>
internal sealed class VideoReceiving(RtpReceiver receiver, Func<MediaEnvironment> environment)
{
    /// <summary>See <see cref="RtpReceiver.ReadPicturesAsync"/>.</summary>
    public async IAsyncEnumerable<VideoPicture> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RtpCodecParameters? codec = null;
        IVideoDecoder? decoder = null;
        try
        {
            receiver.RequestKeyFrame();
            await foreach (var frame in receiver.ReadFramesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (decoder is null || frame.Codec != codec)
                {
                    decoder?.Dispose();
                    codec = frame.Codec;
                    decoder = CreateDecoder(codec);
                }

                VideoPicture? picture = null;
                var result = decoder?.Decode(frame.Data.Span, frame.IsKeyFrame, out picture);
                if (result == VideoDecodeResult.NeedsKeyFrame)
                {
                    receiver.RequestKeyFrame();
                }
                else if (picture is not null)
                {
                    yield return new VideoPicture(picture.Width, picture.Height, picture.Data) { TimestampTicks = frame.TimestampTicks };
                }
            }
        }
        finally
        {
            decoder?.Dispose();
        }
    }

    private IVideoDecoder? CreateDecoder(RtpCodecParameters? codec)
    {
        if (codec is null)
        {
            return null;
        }

        var format = MediaCodecs.ToFormat(codec);
        if (environment().Options.VideoCodecs.FirstOrDefault(known => known.Supports(format)) is { } found)
        {
            return found.CreateDecoder(format);
        }

        Log.NoCodec(environment().Logger, codec.MimeType);
        return null;
    }
}
