using WebRtcCore.Rtp.Congestion;

namespace WebRtcCore.Tests.Connections;

/// <summary>What an application sees of congestion control, over loopback sockets.</summary>
public sealed class CongestionControlTests
{
    [Test]
    public async Task The_target_is_told_to_the_sender_and_grows_with_what_the_path_carries()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        var grown = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        sender.TargetBitrateChanged += (_, e) =>
        {
            first.TrySetResult(e.BitrateBps);
            if (e.BitrateBps > 1_000_000)
            {
                grown.TrySetResult(e.BitrateBps);
            }
        };
        Assert.That(sender.TargetBitrateBps, Is.Null);
        await pair.ConnectAsync();
        Assert.That(await first.Task.WaitAsync(PeerPair.Limit), Is.InRange(200_000, 300_000), "The start rate, less headers.");
        var frames = SendFramesAsync(sender, grown.Task);
        await grown.Task.WaitAsync(PeerPair.Limit);
        await frames;

        // The estimate goes on changing with what the machine is late with: both figures of one report, and that it is as large as what was told, are what counts.
        var report = await pair.Offerer.GetStatsAsync();
        var available = report.Values.OfType<IceCandidatePairStats>().Max(p => p.AvailableOutgoingBitrateBps);
        var outbound = report.Values.OfType<OutboundRtpStreamStats>().Single();
        Assert.That(available, Is.GreaterThan(300_000));
        Assert.That(outbound.TargetBitrateBps, Is.InRange(0.6 * available!.Value, available.Value), "without the headers");
    }

    [Test]
    public async Task The_target_stays_below_the_encodings_maximum()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        await pair.ConnectAsync();
        var parameters = sender.GetParameters();
        var told = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        sender.TargetBitrateChanged += (_, e) => told.TrySetResult(e.BitrateBps);
        await sender.SetParametersAsync(parameters with { Encodings = [parameters.Encodings[0] with { MaxBitrateBps = 100_000 }] });
        Assert.That(await told.Task.WaitAsync(PeerPair.Limit), Is.EqualTo(100_000).Within(1).Percent);
    }

    [Test]
    public async Task A_frame_arrives_whole_though_it_is_spread_over_time()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        var receiver = new TaskCompletionSource<RtpReceiver>();
        pair.Answerer.Track += (_, e) => receiver.TrySetResult(e.Receiver);
        await pair.ConnectAsync();
        await using var frames = (await receiver.Task.WaitAsync(PeerPair.Limit)).ReadFramesAsync().GetAsyncEnumerator();
        var next = frames.MoveNextAsync();
        var data = Vp8Frame(20_000);
        sender.SendFrame(new EncodedFrame(data, 3000));
        Assert.That(await next.AsTask().WaitAsync(PeerPair.Limit), Is.True);
        Assert.That(frames.Current.Data.ToArray(), Is.EqualTo(data));
        var outbound = (await pair.Offerer.GetStatsAsync()).Values.OfType<OutboundRtpStreamStats>().Single();
        Assert.That(outbound.TotalPacketSendDelay, Is.GreaterThan(TimeSpan.FromMilliseconds(10)));
    }

    [Test]
    public void The_defaults_are_those_of_the_browsers()
    {
        var options = PeerConnectionOptions.Default.CongestionControl;
        Assert.That(options.StartBitrateBps, Is.EqualTo(300_000));
        Assert.That(options.MinBitrateBps, Is.EqualTo(30_000));
        Assert.That(options.MaxBitrateBps, Is.EqualTo(100_000_000));
        Assert.That(options.Pacing, Is.EqualTo(PacingMode.Frames));
        Assert.That(options.MaxPacingDelay, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(options.CreateController(options), Is.TypeOf<GoogleCongestionController>());
    }

    // A key frame's first byte, and the start code that a depacketiser looks for.
    private static byte[] Vp8Frame(int length)
    {
        var data = new byte[length];
        data[3] = 0x9D;
        data[4] = 0x01;
        data[5] = 0x2A;
        return data;
    }

    private static async Task SendFramesAsync(RtpSender sender, Task until)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(33));
        for (uint timestamp = 0; !until.IsCompleted && await timer.WaitForNextTickAsync(); timestamp += 3000)
        {
            sender.SendFrame(new EncodedFrame(Vp8Frame((int)(sender.TargetBitrateBps ?? 300_000) / 8 / 30), timestamp));
        }
    }
}
