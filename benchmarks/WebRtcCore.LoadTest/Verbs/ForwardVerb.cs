using System.Net;
using System.Runtime;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.LoadTest.OnePort;
using WebRtcCore.Rtp;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>
/// What a server pays that forwards one video to many viewers: the connections to them are in this process, on one UDP port, their peers in a second process. Figures
/// are of this process alone, with the connection that the video comes by.
/// </summary>
internal sealed class ForwardVerb : IVerb
{
    private const int ParallelSetups = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(300);

    public string Name => "forward";

    public string Summary => "one video to many viewers: packets a second and core, with losses, allocations and the ratio to raw UDP sends";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("viewers", 500, 1, 10_000, "viewers of the video"),
        new("kilobits", 2000, 100, 20_000, "the video's kilobits a second"),
        new("seconds", 10, 1, 3600, "how long to measure"),
        new("warm-up", 30, 1, 3600, "the most seconds to wait until buffers have grown and code is compiled"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var received = new TaskCompletionSource<RtpReceiver>(TaskCreationOptions.RunContinuationsAsynchronously);
        RtpSender? source = null;
        await using var pair = await PeerPair.ConnectAsync(prepare: pair =>
        {
            source = pair.Near.AddTransceiver(new MediaStreamTrack(MediaKind.Video), new RtpTransceiverOptions { Direction = RtpTransceiverDirection.SendOnly }).Sender;
            pair.Far.Track += (_, e) => received.TrySetResult(e.Receiver);
        });
        var options = new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] };
        await using var factory = new PeerConnectionFactory(null, options, new PeerConnectionFactoryOptions { UdpPort = 0 });
        await using var peers = PeerProcess.Start();
        var viewers = new RtpSender[arguments["viewers"]];
        await ConnectAsync(factory, peers, viewers);

        var receiver = await received.Task;
        long forwarded = 0;
        receiver.PacketReceived += (RtpReceiver from, in RtpPacketView packet) =>
        {
            foreach (var viewer in viewers)
            {
                viewer.Forward(from, packet);
            }

            forwarded += viewers.Length;
        };
        var video = new VideoSource(source!, arguments["kilobits"] * 1000);
        var thread = video.Start();
        await WarmUpAsync(arguments["warm-up"], () => Interlocked.Read(ref forwarded));

        var (sentBefore, arrivedBefore) = (Interlocked.Read(ref forwarded), await peers.CountAsync());
        var meter = ResourceMeter.Start();
        await Task.Delay(TimeSpan.FromSeconds(arguments["seconds"]));
        var (elapsed, cpu, allocated) = (meter.Elapsed, meter.Cpu, meter.AllocatedBytes);
        var sent = Interlocked.Read(ref forwarded) - sentBefore;
        video.Stop();
        thread.Join();
        await Task.Delay(OnTheWay);
        var all = Interlocked.Read(ref forwarded) - sentBefore;
        var arrived = await peers.CountAsync() - arrivedBefore;
        peers.CloseAll();

        var perPacket = cpu.TotalNanoseconds / sent;
        var udp = UdpBaseline.NanosecondsPerSend();
        return new JsonLine(Name)
            .Add("viewers", viewers.Length)
            .Add("packets_per_second", sent / elapsed.TotalSeconds)
            .Add("packets_per_second_and_core", 1e9 / perPacket)
            .Add("cores", cpu / elapsed)
            .Add("cpu_us_per_packet", perPacket / 1000)
            .Add("udp_ns_per_send", udp)
            .Add("cpu_to_udp_sends", perPacket / udp)
            .Add("loss_percent", 100.0 * Math.Max(0, all - arrived) / all)
            .Add("allocated_bytes_per_packet", (double)allocated / sent);
    }

    // Buffers grow to what the rate and the scheduler ask of them; then nothing is taken any more.
    private static async Task WarmUpAsync(int mostSeconds, Func<long> forwarded)
    {
        const double LeastBytesPerPacket = 1;
        var quiet = 0;
        for (var second = 0; second < mostSeconds && quiet < 3; second++)
        {
            var (packets, bytes, methods) = (forwarded(), GC.GetTotalAllocatedBytes(), JitInfo.GetCompiledMethodCount());
            await Task.Delay(Second);
            var perPacket = (GC.GetTotalAllocatedBytes() - bytes) / (double)Math.Max(1, forwarded() - packets);
            quiet = perPacket < LeastBytesPerPacket && JitInfo.GetCompiledMethodCount() - methods < 3 ? quiet + 1 : 0;
        }
    }

    private static async Task ConnectAsync(PeerConnectionFactory factory, PeerProcess peers, RtpSender[] viewers) =>
        await Parallel.ForAsync(
            0,
            viewers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSetups },
            async (i, cancellation) => viewers[i] = await AnswerAsync(factory.CreatePeerConnection(), peers).WaitAsync(Patience, cancellation));

    // The server answers, as servers mostly do; candidates travel in the descriptions.
    private static async Task<RtpSender> AnswerAsync(PeerConnection connection, PeerProcess peers)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionStateChange += (_, _) =>
        {
            if (connection.ConnectionState == PeerConnectionState.Connected)
            {
                connected.TrySetResult();
            }
        };
        var gathered = Gathering.Complete(connection);
        var (id, offer) = await peers.NextOfferAsync("view");
        await connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Offer, offer));
        var transceiver = connection.GetTransceivers()[0];
        transceiver.Direction = RtpTransceiverDirection.SendOnly;
        await transceiver.Sender.ReplaceTrackAsync(new MediaStreamTrack(MediaKind.Video));
        await connection.SetLocalDescriptionAsync();
        await gathered;
        peers.Answer(id, connection.LocalDescription!.Sdp);
        await connected.Task;
        return transceiver.Sender;
    }
}
