using System.Diagnostics;
using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>From two new connections to a channel that is open on both sides, one pair after another.</summary>
internal sealed class SetupVerb : IVerb
{
    public string Name => "setup";

    public string Summary => "time and CPU from two new connections to an open data channel";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("count", 50, 1, 100_000, "pairs to connect"),
        new("warm-up", 20, 1, 100_000, "pairs to connect before; some 2,000 until the runtime has compiled everything for good"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var (count, warmUp) = (arguments["count"], arguments["warm-up"]);
        var meter = ResourceMeter.Start();
        for (var i = 0; i < warmUp; i++)
        {
            await ConnectAsync();
        }

        var warmUpCpu = meter.Cpu;
        var samples = new double[count];
        meter = ResourceMeter.Start();
        for (var i = 0; i < count; i++)
        {
            samples[i] = await ConnectAsync();
        }

        var cpu = meter.Cpu;
        var milliseconds = new Percentiles(samples);
        var udp = UdpBaseline.NanosecondsPerPacket();
        return new JsonLine(Name)
            .Add("count", count)
            .Add("median_ms", milliseconds[50])
            .Add("p99_ms", milliseconds[99])
            .Add("max_ms", milliseconds.Maximum)
            .Add("cpu_ms_per_pair", cpu.TotalMilliseconds / count)
            .Add("warm_up_cpu_ms_per_pair", warmUpCpu.TotalMilliseconds / warmUp)
            .Add("udp_ns_per_packet", udp)
            .Add("cpu_in_udp_packets", cpu.TotalNanoseconds / count / udp);
    }

    private static async Task<double> ConnectAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await using var pair = await PeerPair.ConnectAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
