using System.Diagnostics;
using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>From two new connections to a channel that is open on both sides, one pair after another.</summary>
internal sealed class SetupVerb : IVerb
{
    private const int MostWarmUpPairs = 20;

    public string Name => "setup";

    public string Summary => "time and CPU from two new connections to an open data channel";

    public IReadOnlyList<VerbOption> Options { get; } = [new("count", 50, 1, 100_000, "pairs to connect")];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var count = arguments["count"];
        for (var i = 0; i < Math.Min(count, MostWarmUpPairs); i++)
        {
            await ConnectAsync();
        }

        var samples = new double[count];
        var meter = ResourceMeter.Start();
        for (var i = 0; i < count; i++)
        {
            samples[i] = await ConnectAsync();
        }

        var cpu = meter.Cpu;
        var milliseconds = new Percentiles(samples);
        return new JsonLine(Name)
            .Add("count", count)
            .Add("median_ms", milliseconds[50])
            .Add("p99_ms", milliseconds[99])
            .Add("max_ms", milliseconds.Maximum)
            .Add("cpu_ms_per_pair", cpu.TotalMilliseconds / count)
            .Add("udp_ns_per_packet", UdpBaseline.NanosecondsPerPacket());
    }

    private static async Task<double> ConnectAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await using var pair = await PeerPair.ConnectAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
