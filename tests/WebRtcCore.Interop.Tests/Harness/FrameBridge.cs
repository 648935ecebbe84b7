namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>An application that takes the encoded frames of one connection and sends them on another.</summary>
internal sealed class FrameBridge : IDisposable
{
    private static readonly TimeSpan Evenness = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<MediaKind, RtpSender> _senders;

    /// <summary>Begins; the tracks are there before <paramref name="to"/> offers.</summary>
    public FrameBridge(PeerConnection from, PeerConnection to)
    {
        var stream = new MediaStream();
        _senders = new[] { MediaKind.Audio, MediaKind.Video }.ToDictionary(kind => kind, kind => to.AddTrack(new MediaStreamTrack(kind), stream));
        from.Track += (_, e) =>
        {
            var sender = _senders[e.Track.Kind];

            // What goes to a screen is to leave as evenly as it was captured: frames wait for those of their packets that come a second time.
            e.Receiver.JitterBufferTarget = Evenness;
            sender.KeyFrameRequested += (_, _) => e.Receiver.RequestKeyFrame();
            _ = CarryAsync(e.Receiver, sender, _stop.Token);
        };
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private static async Task CarryAsync(RtpReceiver receiver, RtpSender sender, CancellationToken stop)
    {
        try
        {
            await foreach (var frame in receiver.ReadFramesAsync(stop))
            {
                sender.SendFrame(new EncodedFrame(frame.Data, frame.TimestampTicks) { IsKeyFrame = frame.IsKeyFrame });
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
