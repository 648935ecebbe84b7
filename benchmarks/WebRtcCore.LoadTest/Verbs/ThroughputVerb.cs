using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Bytes a second through one ordered, reliable channel, one way.</summary>
internal sealed class ThroughputVerb : IVerb
{
    public string Name => "throughput";

    public string Summary => "megabytes a second through one data channel, with CPU and allocations of both ends";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("size", 65_536, 1, 262_144, "bytes in a message"),
        new("seconds", 8, 1, 3600, "how long to measure"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        await using var pair = await PeerPair.ConnectAsync();
        var result = await new MessageFlow(pair, arguments["size"]).RunAsync(TimeSpan.FromSeconds(arguments["seconds"]));
        var udp = UdpBaseline.NanosecondsPerPacket();
        return new JsonLine(Name)
            .Add("size", arguments["size"])
            .Add("megabytes_per_second", result.MegabytesPerSecond)
            .Add("cpu_seconds_per_gigabyte", result.CpuSecondsPerGigabyte)
            .Add("allocated_bytes_per_megabyte", result.AllocatedBytesPerMegabyte)
            .Add("udp_ns_per_packet", udp)
            .Add("speed_to_udp", result.MegabytesPerSecond * udp / UdpBaseline.PacketLength / 1000)
            .Add("cpu_to_udp", result.CpuSecondsPerGigabyte * UdpBaseline.PacketLength / udp);
    }
}
