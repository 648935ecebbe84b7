using System.Diagnostics;
using SendMedia.Sources;
using WebRtcCore;

namespace SendMedia;

/// <summary>One who watches: gets the sound, and of the pictures the layer that its network carries, beginning with a key frame, and changed only at key frames.</summary>
internal sealed class Viewer(RtpSender? video, RtpSender? audio, IReadOnlyList<VideoLayer> layers)
{
    private const int VideoClockRate = 90_000;
    private const int AudioClockRate = 48_000;

    private readonly Lock _lock = new();
    private readonly LayerChoice _choice = new(layers);
    private int _layer = -1;
    private long _lastTicks = -1;

    /// <summary>The layer that is sent now; -1 before the first key frame.</summary>
    public int Layer => Volatile.Read(ref _layer);

    /// <summary>What congestion control allows for the pictures, in bits per second.</summary>
    public long? TargetBitrateBps => video?.TargetBitrateBps;

    /// <summary>Takes a frame of the source.</summary>
    public void Accept(in SourceFrame frame)
    {
        if (frame.Kind == MediaKind.Audio)
        {
            audio?.SendFrame(new EncodedFrame(frame.Data, (uint)ToTicks(frame.Time, AudioClockRate)));
            return;
        }

        lock (_lock)
        {
            if (video is null || !IsWanted(frame))
            {
                return;
            }

            // At a change the same moment may go out twice, in two sizes: no two pictures have one timestamp.
            _lastTicks = Math.Max(ToTicks(frame.Time, VideoClockRate), _lastTicks + 1);
            video.SendFrame(new EncodedFrame(frame.Data, (uint)_lastTicks) { IsKeyFrame = frame.IsKeyFrame });
        }
    }

    private static long ToTicks(TimeSpan time, int clockRate) => time.Ticks * clockRate / TimeSpan.TicksPerSecond;

    private bool IsWanted(in SourceFrame frame)
    {
        if (frame.IsKeyFrame && _choice.Choose(video!.TargetBitrateBps, Stopwatch.GetElapsedTime(0)) == frame.Layer)
        {
            Volatile.Write(ref _layer, frame.Layer);
        }

        return frame.Layer == _layer;
    }
}
