using System.Diagnostics;
using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Round trips of a small message, one at a time, both sides answering from the handler.</summary>
internal sealed class PingVerb : IVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "ping";

    public string Summary => "round-trip time of a small message, beside that of plain UDP";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("count", 2000, 1, 10_000_000, "round trips to measure, after as many to warm up"),
        new("size", 64, 1, 1000, "bytes in a message"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var (count, size) = (arguments["count"], arguments["size"]);
        await using var pair = await PeerPair.ConnectAsync();
        pair.FarChannel.SetMessageHandler((channel, data, _) => channel.Send(data));
        var microseconds = await PingAsync(pair.NearChannel, count, size).WaitAsync(Patience);
        var udp = await UdpBaseline.PingAsync(size, count);
        return new JsonLine(Name)
            .Add("count", count)
            .Add("p50_us", microseconds[50])
            .Add("p99_us", microseconds[99])
            .Add("udp_p50_us", udp[50])
            .Add("p50_above_udp_us", microseconds[50] - udp[50])
            .Add("p50_to_udp", microseconds[50] / udp[50]);
    }

    private static async Task<Percentiles> PingAsync(DataChannel near, int count, int size)
    {
        var samples = new double[count];
        var message = new byte[size];
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var round = -count;
        var start = Stopwatch.GetTimestamp();
        near.SetMessageHandler((channel, _, _) =>
        {
            samples[Math.Max(round, 0)] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            if (++round == count)
            {
                done.SetResult();
                return;
            }

            start = Stopwatch.GetTimestamp();
            channel.Send(message);
        });
        near.Send(message);
        await done.Task;
        return new Percentiles(samples);
    }
}
