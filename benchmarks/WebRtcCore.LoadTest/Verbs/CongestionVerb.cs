using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.Testing;
using WebRtcCore.Testing.Congestion;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Congestion control over a bottleneck, in virtual time: the curves as lines, then what they come to.</summary>
internal sealed class CongestionVerb : IVerb
{
    public string Name => "congestion";

    public string Summary => "target, throughput and queue of senders that share a bottleneck, in virtual time; one line per flow and 0.1 s, then a summary";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("seconds", 45, 10, 3600, "virtual seconds"),
        new("bandwidth", 2500, 100, 100_000, "the bottleneck in kbit/s"),
        new("step", 800, 0, 100_000, "the bottleneck in kbit/s in the middle third; 0 leaves it as it is"),
        new("queue", 300, 5, 5000, "how much the bottleneck's queue holds, in ms at its first rate"),
        new("delay", 25, 0, 1000, "one-way delay in ms"),
        new("jitter", 0, 0, 500, "random delay on top, in ms at most"),
        new("loss", 0, 0, 50, "random loss in per cent"),
        new("flows", 1, 1, 4, "senders; each starts 10 s after the one before"),
        new("greedy", 0, 0, 1, "1 adds a flow that behaves as TCP does, after 10 s"),
        new("seed", 1, 0, int.MaxValue, "of all that is random"),
    ];

    public IReadOnlyList<VerbTextOption> TextOptions { get; } = [new("svg", "FILE", "draws the curves into a file")];

    public Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var scenario = Run(arguments);
        foreach (var sample in scenario.Samples)
        {
            arguments.Output.WriteLine(new JsonLine("sample")
                .Add("time_s", sample.Time.TotalSeconds)
                .Add("flow", FlowNumber(sample.Flow))
                .Add("capacity_bps", sample.CapacityBps)
                .Add("target_bps", sample.TargetBps)
                .Add("throughput_bps", sample.ThroughputBps)
                .Add("queue_ms", sample.QueueDelay.TotalMilliseconds));
        }

        if (arguments.GetText("svg") is { } file)
        {
            File.WriteAllText(file, CongestionChart.Draw(scenario.Samples));
        }

        // The first five seconds are the time to settle.
        var settled = scenario.Between(5, arguments["seconds"]).ToArray();
        var ratios = new Percentiles(settled.Select(sample => (double)sample.TargetBps / sample.CapacityBps));
        var queues = new Percentiles(settled.Select(sample => sample.QueueDelay.TotalMilliseconds));
        return Task.FromResult(new JsonLine(Name)
            .Add("target_share_p5", ratios[5])
            .Add("target_share_p50", ratios[50])
            .Add("target_share_p95", ratios[95])
            .Add("throughput_share", settled.Sum(sample => (double)sample.ThroughputBps / sample.CapacityBps) * arguments["flows"] / settled.Length)
            .Add("queue_p50_ms", queues[50])
            .Add("queue_p95_ms", queues[95]));
    }

    private static CongestionScenario Run(VerbArguments arguments)
    {
        var bandwidth = arguments["bandwidth"] * 1000L;
        var link = new LinkConditions
        {
            BandwidthBps = bandwidth,
            QueueBytes = (int)(bandwidth / 8 * arguments["queue"] / 1000),
            Delay = TimeSpan.FromMilliseconds(arguments["delay"]),
            Jitter = TimeSpan.FromMilliseconds(arguments["jitter"]),
            LossRate = arguments["loss"] / 100.0,
        };
        var scenario = new CongestionScenario(link, arguments["seed"]);
        for (var i = 0; i < arguments["flows"]; i++)
        {
            scenario.AddFlow($"{i + 1}", new MediaFlowOptions { StartsAt = TimeSpan.FromSeconds(10 * i) });
        }

        if (arguments["greedy"] == 1)
        {
            scenario.AddGreedyFlow(TimeSpan.FromSeconds(10));
        }

        var third = TimeSpan.FromSeconds(arguments["seconds"]) / 3;
        scenario.Run(third);
        scenario.Conditions = arguments["step"] > 0 ? link with { BandwidthBps = arguments["step"] * 1000L } : link;
        scenario.Run(third);
        scenario.Conditions = link;
        scenario.Run(third);
        return scenario;
    }

    private static double FlowNumber(string name) => double.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
}
