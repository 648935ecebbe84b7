using WebRtcCore.LoadTest.Measuring;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>Small messages a second through one channel, with so many bytes waiting in the send queue.</summary>
internal sealed class MessagesVerb : IVerb
{
    public string Name => "messages";

    public string Summary => "messages a second through one data channel that has a given backlog";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("size", 100, 1, 262_144, "bytes in a message"),
        new("backlog", 262_144, 1, 1 << 28, "bytes that the sender keeps queued"),
        new("seconds", 5, 1, 3600, "how long to measure"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        var (size, backlog) = (arguments["size"], arguments["backlog"]);
        await using var pair = await PeerPair.ConnectAsync(
            options => options with { DataSendHighWaterMark = backlog, MaxBufferedAmount = Math.Max(options.MaxBufferedAmount, backlog + (2L * size)) });
        var result = await new MessageFlow(pair, size).RunAsync(TimeSpan.FromSeconds(arguments["seconds"]));
        var udp = UdpBaseline.NanosecondsPerPacket();
        return new JsonLine(Name)
            .Add("size", size)
            .Add("backlog", backlog)
            .Add("messages_per_second", result.MessagesPerSecond)
            .Add("cpu_seconds_per_gigabyte", result.CpuSecondsPerGigabyte)
            .Add("allocated_bytes_per_message", (double)result.AllocatedBytes / result.Messages)
            .Add("udp_ns_per_packet", udp)
            .Add("messages_per_udp_packet", result.MessagesPerSecond * udp / 1e9);
    }
}
