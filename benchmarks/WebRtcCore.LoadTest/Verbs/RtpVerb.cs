using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Raw RTP packets a second from one sender to one receiver.</summary>
internal sealed class RtpVerb : IVerb
{
    public string Name => "rtp";

    public string Summary => "RTP packets a second from one sender to one receiver, with losses and allocations";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("seconds", 5, 1, 3600, "how long to measure"),
        new("size", 1000, 1, 1100, "payload bytes in a packet"),
        new("window", 64, 1, 4096, "packets that may be on their way"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var received = new TaskCompletionSource<RtpReceiver>(TaskCreationOptions.RunContinuationsAsynchronously);
        RtpTransceiver? transceiver = null;
        await using var pair = await PeerPair.ConnectAsync(prepare: pair =>
        {
            transceiver = pair.Near.AddTransceiver(new MediaStreamTrack(MediaKind.Video), new RtpTransceiverOptions { Direction = RtpTransceiverDirection.SendOnly });
            pair.Far.Track += (_, e) => received.TrySetResult(e.Receiver);
        });

        using var flow = new RtpFlow(transceiver!.Sender, await received.Task, arguments["size"], arguments["window"]);
        var result = await flow.RunAsync(TimeSpan.FromSeconds(arguments["seconds"]));
        return new JsonLine(Name)
            .Add("packets_per_second", result.Received / result.Elapsed.TotalSeconds)
            .Add("loss_percent", 100.0 * (result.Sent - result.Received) / result.Sent)
            .Add("allocated_bytes_per_packet", (double)result.AllocatedBytes / result.Received)
            .Add("cpu_us_per_packet", result.Cpu.TotalMicroseconds / result.Received)
            .Add("udp_ns_per_packet", UdpBaseline.NanosecondsPerPacket());
    }
}
