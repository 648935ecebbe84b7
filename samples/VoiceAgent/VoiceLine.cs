using System.Diagnostics;
using WebRtcCore;
using WebRtcCore.Media.Audio;

namespace VoiceAgent;

/// <summary>The sound of a call as PCM, in both directions: G.711 (mu-law), which every browser has and which needs no native library.</summary>
/// <param name="sender">What the PCM that is written goes to.</param>
internal sealed class VoiceLine(RtpSender sender)
{
    public const string MimeType = "audio/PCMU";

    // Packets of 20 ms, as everybody sends them.
    private const int FramesPerPacket = 2;

    // A writer that is later than this has paused, and the timestamps follow the clock.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // So much silence stands in for what was lost, or was not sent.
    private const int MaxMissingFrames = 100;

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly List<short> _packet = [];
    private long _ticks;

    /// <summary>Sends the next 10 ms, at the pace at which they are heard.</summary>
    public void Write(ReadOnlySpan<short> frame)
    {
        _packet.AddRange(frame);
        if (_packet.Count < FramesPerPacket * Voice.FrameSize)
        {
            return;
        }

        var encoded = new byte[_packet.Count];
        MuLaw.Encode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_packet), encoded);
        _packet.Clear();
        long now = Stopwatch.GetElapsedTime(_begun).Ticks * Voice.SampleRate / TimeSpan.TicksPerSecond;
        if (Voice.ToDuration(now - _ticks) > Pause)
        {
            _ticks = now;
        }

        sender.SendFrame(new EncodedFrame(encoded, (uint)_ticks));
        _ticks += encoded.Length;
    }

    /// <summary>Hears what a receiver gets, 10 ms at a time and silence for what is missing, until it is stopped.</summary>
    public static async Task HearAsync(RtpReceiver receiver, Action<ReadOnlySpan<short>> hear, CancellationToken stop)
    {
        uint? expected = null;
        try
        {
            await foreach (var frame in receiver.ReadFramesAsync(stop))
            {
                var samples = new short[frame.Data.Length];
                MuLaw.Decode(frame.Data.Span, samples);
                int missing = expected is { } e ? (int)(frame.TimestampTicks - e) / Voice.FrameSize : 0;
                for (int i = 0; i < Math.Min(missing, MaxMissingFrames); i++)
                {
                    hear(new short[Voice.FrameSize]);
                }

                for (int at = 0; at + Voice.FrameSize <= samples.Length; at += Voice.FrameSize)
                {
                    hear(samples.AsSpan(at, Voice.FrameSize));
                }

                expected = frame.TimestampTicks + (uint)samples.Length;
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
    }
}
