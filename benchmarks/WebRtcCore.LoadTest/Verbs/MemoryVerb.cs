using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>What idle connections cost: resident memory, threads, processor.</summary>
internal sealed class MemoryVerb : IVerb
{
    // Enough that compiled code, thread-pool threads and the pools of the runtime are there before and after.
    private const int WarmUpPairs = 50;
    private const int ConnectionsPerPair = 2;
    private const int MostSettlingSeconds = 60;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public string Name => "memory";

    public string Summary => "memory, threads and CPU of connected pairs that carry nothing";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("pairs", 200, 1, 20_000, "pairs to hold open"),
        new("seconds", 10, 1, 3600, "how long to watch them idle"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var count = arguments["pairs"];
        var pairs = new List<PeerPair>(count);
        await ConnectAsync(pairs, Math.Min(count, WarmUpPairs));
        await DisposeAsync(pairs);
        await Task.Delay(Settling);
        var before = ProcessMemory.Now();
        try
        {
            await ConnectAsync(pairs, count);
            await Task.Delay(Settling);
            await JitQuiet.WaitAsync(MostSettlingSeconds);
            var after = ProcessMemory.Now();
            var meter = ResourceMeter.Start();
            await Task.Delay(TimeSpan.FromSeconds(arguments["seconds"]));
            var idleCores = meter.Cpu / meter.Elapsed;

            var udp = UdpBaseline.NanosecondsPerPacket();

            double connections = count * ConnectionsPerPair;
            return new JsonLine(Name)
                .Add("pairs", count)
                .Add("kilobytes_per_connection", (after.ResidentBytes - before.ResidentBytes) / 1000.0 / connections)
                .Add("heap_kilobytes_per_connection", (after.HeapBytes - before.HeapBytes) / 1000.0 / connections)
                .Add("threads_per_connection", Math.Max(0, after.Threads - before.Threads) / connections)
                .Add("idle_cores", idleCores)
                .Add("idle_udp_packets_per_second_per_pair", idleCores * 1e9 / udp / count);
        }
        finally
        {
            await DisposeAsync(pairs);
        }
    }

    private static async Task ConnectAsync(List<PeerPair> pairs, int count)
    {
        for (var i = 0; i < count; i++)
        {
            pairs.Add(await PeerPair.ConnectAsync());
        }
    }

    private static async Task DisposeAsync(List<PeerPair> pairs)
    {
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }

        pairs.Clear();
    }
}
