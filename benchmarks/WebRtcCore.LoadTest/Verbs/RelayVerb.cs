using System.Runtime.Versioning;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.LoadTest.Relay;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>What the TURN server of this repository and coturn relay on one core, taking turns in one run.</summary>
internal sealed class RelayVerb : IVerb
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    public string Name => "relay";

    public string Summary => "packets that our TURN server and coturn relay on one core, and the CPU for it; Linux with coturn (turnserver) only";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("seconds", 3, 1, 600, "how long each measurement lasts"),
        new("rounds", 3, 1, 100, "measurements of each server, taking turns; the median counts"),
        new("clients", 16, 1, 500, "allocations"),
        new("window", 8, 1, 32, "packets of each client on their way; with 1 no two in a row go to one destination"),
        new("size", 1000, 1, 1200, "bytes of data in a packet"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
        {
            throw new PlatformNotSupportedException("This verb needs Linux and two processors: one for the server, one for the load.");
        }

        RelayServer.UseOtherProcessor();
        var results = RelayServer.All.ToDictionary(static server => server, static _ => new List<RelayResult>());
        for (var round = 0; round < arguments["rounds"]; round++)
        {
            foreach (var (server, list) in results)
            {
                list.Add(await MeasureAsync(server, arguments));
            }
        }

        var ours = Median(results[RelayServer.Ours]);
        var summary = new JsonLine(Name);
        foreach (var (server, list) in results)
        {
            var median = Median(list);
            arguments.Output.WriteLine(new JsonLine($"{Name}_{server.Name}")
                .Add("packets_per_second", median.PacketsPerSecond)
                .Add("cpu_seconds_per_million_packets", median.CpuSecondsPerMillion)
                .Add("server_cores", median.Cores)
                .Add("lost", median.Lost));
            if (server != RelayServer.Ours)
            {
                summary.Add($"packets_per_cpu_second_to_{server.Name}", median.CpuSecondsPerMillion / ours.CpuSecondsPerMillion);
                summary.Add($"packets_per_second_to_{server.Name}", ours.PacketsPerSecond / median.PacketsPerSecond);
            }
        }

        return summary;
    }

    [SupportedOSPlatform("linux")]
    private static async Task<RelayResult> MeasureAsync(RelayServer kind, VerbArguments arguments)
    {
        using var server = await kind.StartAsync();
        using var load = await RelayLoad.ConnectAsync(server.EndPoint, arguments["clients"], arguments["window"], arguments["size"]);

        // A server in .NET compiles while it warms up.
        load.Run(WarmUp);
        var (cpu, packets, lost) = (server.CpuTime, load.Relayed, load.Lost);
        var elapsed = load.Run(TimeSpan.FromSeconds(arguments["seconds"]));
        return new RelayResult(load.Relayed - packets, load.Lost - lost, elapsed, server.CpuTime - cpu);
    }

    private static RelayResult Median(List<RelayResult> results) => results.OrderBy(static r => r.CpuSecondsPerMillion).ElementAt(results.Count / 2);
}
