namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>An application that reads whole encoded frames and sends them back, unlike the sample, which forwards packets.</summary>
internal sealed class FrameEcho : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly int _skippedKeyFrames;
    private int _keyFrameRequests;
    private int _framesBeforeKeyFrame;

    /// <summary>Begins with the first video track that comes.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="skippedKeyFrames">How many key frames are not sent back, so that the peer sees a stream that begins in its middle.</param>
    public FrameEcho(PeerConnection connection, int skippedKeyFrames = 0)
    {
        _skippedKeyFrames = skippedKeyFrames;
        connection.Track += (_, e) => Begin(e.Transceiver);
    }

    /// <summary>How often the peer's decoder has asked for a key frame.</summary>
    public int KeyFrameRequests => Volatile.Read(ref _keyFrameRequests);

    /// <summary>How many frames were sent that the peer could not decode, as no key frame had been sent.</summary>
    public int FramesBeforeKeyFrame => Volatile.Read(ref _framesBeforeKeyFrame);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Begin(RtpTransceiver transceiver)
    {
        transceiver.Direction = RtpTransceiverDirection.SendRecv;
        _ = transceiver.Sender.ReplaceTrackAsync(new MediaStreamTrack(transceiver.Receiver.Track.Kind));
        transceiver.Sender.KeyFrameRequested += (_, _) =>
        {
            Interlocked.Increment(ref _keyFrameRequests);
            transceiver.Receiver.RequestKeyFrame();
        };
        _ = ReturnFramesAsync(transceiver, _stop.Token);
    }

    private async Task ReturnFramesAsync(RtpTransceiver transceiver, CancellationToken stop)
    {
        int keyFrames = 0;
        try
        {
            await foreach (var frame in transceiver.Receiver.ReadFramesAsync(stop))
            {
                if (frame.IsKeyFrame && ++keyFrames <= _skippedKeyFrames)
                {
                    continue;
                }

                if (keyFrames <= _skippedKeyFrames)
                {
                    Interlocked.Increment(ref _framesBeforeKeyFrame);
                }

                transceiver.Sender.SendFrame(frame);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
