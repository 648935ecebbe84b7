using System.Globalization;
using System.Text;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.Testing.Connectivity;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Every kind of network against every other on the virtual network: by which kind of path they connect, or how long it takes under loss.</summary>
internal sealed class NatVerb : IVerb
{
    private static readonly int[] Losses = [0, 5, 20];

    public string Name => "nat";

    public string Summary => "ICE through NATs and firewalls on a virtual network: the kind of path of every pair of networks, or (--times 1) the time to connect under loss";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("table", 0, 0, 1, "1: a table in Markdown instead of lines"),
        new("times", 0, 0, 1, "1: times to connect at a round trip of 50 ms and losses of 0, 5 and 20 % instead of kinds of path"),
        new("runs", 100, 1, 10_000, "runs of each cell, for times"),
    ];

    public Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var isTable = arguments["table"] == 1;
        return Task.FromResult(arguments["times"] == 1 ? RunTimes(arguments.Output, isTable, arguments["runs"]) : RunPaths(arguments.Output, isTable));
    }

    private static string Short(ConnectivityRun run) => run.Kind switch
    {
        PathKind.Host => "host",
        PathKind.Reflexive => "srflx",
        PathKind.Relay => "relay",
        _ => $"{run.A.Agent.FailureReason} {run.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s",
    };

    private JsonLine RunPaths(TextWriter output, bool isTable)
    {
        var summary = new JsonLine(Name);
        var counts = new Dictionary<string, int>();
        foreach (var hasTurn in new[] { false, true })
        {
            var table = new StringBuilder($"\nWith{(hasTurn ? "" : "out")} a TURN server:\n\n| offers \\ answers |").AppendJoin(" |", NetworkKind.All.Select(kind => " " + kind.Name)).Append(" |\n|---|");
            table.Append(string.Concat(Enumerable.Repeat("---|", NetworkKind.All.Count))).Append('\n');
            foreach (var a in NetworkKind.All)
            {
                table.Append(CultureInfo.InvariantCulture, $"| {a.Name} |");
                foreach (var b in NetworkKind.All)
                {
                    var run = ConnectivityRun.Run(a, b, new ConnectivityOptions { HasTurn = hasTurn });
                    var name = $"{(hasTurn ? "turn" : "stun")}_{run.Kind.ToString().ToLowerInvariant()}";
                    counts[name] = counts.GetValueOrDefault(name) + 1;
                    table.Append(CultureInfo.InvariantCulture, $" {(run.Kind == PathKind.None ? "none" : Short(run))} |");
                    if (!isTable)
                    {
                        output.WriteLine(new JsonLine($"{Name}_path").Add("offers", a.Name).Add("answers", b.Name).Add("turn", hasTurn ? "yes" : "no").Add("path", Short(run)));
                    }
                }

                table.Append('\n');
            }

            if (isTable)
            {
                output.WriteLine(table);
            }
        }

        foreach (var (name, count) in counts.OrderBy(static count => count.Key, StringComparer.Ordinal))
        {
            summary.Add(name, count);
        }

        return summary;
    }

    private JsonLine RunTimes(TextWriter output, bool isTable, int runs)
    {
        var table = new StringBuilder("| offers | answers | path |").AppendJoin(" |", Losses.Select(loss => $" {loss} %: median, p99 (ms)")).Append(" |\n|---|---|---|");
        table.Append(string.Concat(Enumerable.Repeat("---|", Losses.Length))).Append('\n');
        var failed = 0;
        var cells = 0;
        for (var i = 0; i < NetworkKind.Typical.Count; i++)
        {
            for (var j = i; j < NetworkKind.Typical.Count; j++)
            {
                var (a, b) = (NetworkKind.Typical[i], NetworkKind.Typical[j]);
                var path = PathOracle.Best(a, b, hasTurn: true);
                table.Append(CultureInfo.InvariantCulture, $"| {a.Name} | {b.Name} | {path.ToString().ToLowerInvariant()} |");
                foreach (var loss in Losses)
                {
                    var times = Measure(a, b, loss, runs);
                    failed += runs - times.Length;
                    cells++;
                    var (median, last) = times.Length == 0 ? (0, 0) : (times[times.Length / 2], times[(times.Length * 99 / 100) - (times.Length < 100 ? 0 : 1)]);
                    table.Append(CultureInfo.InvariantCulture, $" {median:0}, {last:0} |");
                    if (!isTable)
                    {
                        output.WriteLine(new JsonLine($"{Name}_time").Add("offers", a.Name).Add("answers", b.Name).Add("loss_percent", loss)
                            .Add("runs", runs).Add("failed", runs - times.Length).Add("median_ms", median).Add("p99_ms", last));
                    }
                }

                table.Append('\n');
            }
        }

        if (isTable)
        {
            output.WriteLine(table);
        }

        return new JsonLine(Name).Add("cells", cells).Add("runs_per_cell", runs).Add("failed", failed);
    }

    private static double[] Measure(NetworkKind a, NetworkKind b, int lossPercent, int runs) =>
    [
        .. Enumerable.Range(1, runs)
            .Select(seed => ConnectivityRun.RunUntilConnected(a, b, new ConnectivityOptions { Seed = seed, LossRate = lossPercent / 100.0 }).TimeToConnect)
            .OfType<TimeSpan>().Select(static time => time.TotalMilliseconds).Order(),
    ];
}
