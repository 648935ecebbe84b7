using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.LoadTest.Network;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Throughput and latency of associations on the virtual network, per path, loss and bottleneck: figures that do not depend on the machine.</summary>
internal sealed class NetworkVerb : IVerb
{
    // What stands for "all of them".
    private const int All = -1;
    private static readonly int[] RoundTrips = [2, 20, 50, 100, 300];
    private static readonly int[] LossesPerThousand = [0, 1, 10, 50, 100, 200];
    private static readonly int[] Rates = [1, 10, 100];

    public string Name => "network";

    public string Summary => "SCTP on a virtual network with virtual time, a line per cell: throughput, and latency of small messages, by congestion control";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("rtt", All, All, 1000, "round-trip time in ms; -1: 2, 20, 50, 100 and 300"),
        new("loss", All, All, 500, "random loss per thousand; -1: 0, 1, 10, 50, 100 and 200"),
        new("rate", All, All, 1000, "bottleneck in Mbit/s, its queue the bandwidth-delay product or 100 ms; -1: 1, 10 and 100"),
        new("seconds", 10, 1, 600, "virtual time of each measurement"),
        new("table", 0, 0, 1, "1: a table in Markdown instead of the lines"),
    ];

    public Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var duration = TimeSpan.FromSeconds(arguments["seconds"]);
        var table = new NetworkTable();
        var summary = new JsonLine(Name);
        var sums = new Dictionary<string, double>();
        var cells = Cells(arguments).ToArray();
        foreach (var cell in cells)
        {
            var megabits = cell.MeasureThroughput(duration);
            var latency = cell.MeasureLatency(duration);
            sums[cell.Sender.Name] = sums.GetValueOrDefault(cell.Sender.Name) + megabits;
            table.Add(cell, megabits, latency[50], latency[99]);
            if (arguments["table"] == 0)
            {
                Console.Out.WriteLine(new JsonLine($"{Name}_{cell.Sender.Name}")
                    .Add("rtt_ms", cell.RttMilliseconds)
                    .Add("loss_percent", cell.LossPercent)
                    .Add("bottleneck_megabits", cell.Megabits)
                    .Add("megabits_per_second", megabits)
                    .Add("message_p50_ms", latency[50])
                    .Add("message_p99_ms", latency[99]));
            }
        }

        if (arguments["table"] == 1)
        {
            Console.Out.WriteLine(table);
        }

        summary.Add("cells", cells.Length);
        foreach (var (sender, sum) in sums)
        {
            summary.Add($"megabits_per_second_{sender}", sum / (cells.Length / NetworkSender.All.Count));
        }

        return Task.FromResult(summary);
    }

    private static IEnumerable<NetworkCell> Cells(VerbArguments arguments) =>
        from rtt in Choose(arguments["rtt"], RoundTrips)
        from loss in Choose(arguments["loss"], LossesPerThousand)
        from rate in Choose(arguments["rate"], Rates)
        from sender in NetworkSender.All
        select new NetworkCell(rtt, loss / 10.0, rate, sender);

    private static int[] Choose(int value, int[] all) => value == All ? all : [value];
}
