using System.Net;
using WebRtcCore.LoadTest.Measuring;
using WebRtcCore.LoadTest.OnePort;

namespace WebRtcCore.LoadTest.Verbs;

/// <summary>
/// What a server pays for connections that share one UDP port: the connections of this process on one port, their peers in a second process with ports of
/// their own. Figures are of this process alone.
/// </summary>
internal sealed class OnePortVerb : IVerb
{
    private const int WarmUpConnections = 200;
    private const int MostSettlingSeconds = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public string Name => "oneport";

    public string Summary => "memory, CPU and setup rate of connections on one UDP port, and what strangers' packets cost";

    public IReadOnlyList<VerbOption> Options { get; } =
    [
        new("connections", 5000, 1, 50_000, "connections on the port"),
        new("seconds", 10, 1, 3600, "how long to watch them idle"),
        new("parallel", 16, 1, 1000, "connections set up at a time"),
        new("sockets", 1, 1, 64, "sockets on the port (SO_REUSEPORT)"),
        new("lite", 0, 0, 1, "whether the server is a lite ICE agent"),
        new("packets", 200_000, 1, 10_000_000, "packets of strangers, of each kind"),
        new("client", 0, 0, 1, "the second process of this measurement; not for use by hand"),
    ];

    public async Task<JsonLine> RunAsync(VerbArguments arguments)
    {
        if (arguments["client"] == 1)
        {
            await PeerHost.RunAsync(Console.In, Console.Out);
            return new JsonLine("oneport-client");
        }

        var count = arguments["connections"];
        var options = new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback], IceLite = arguments["lite"] == 1 };
        var factoryOptions = new PeerConnectionFactoryOptions { UdpPort = 0, UdpSocketsPerAddress = arguments["sockets"] };
        await using var factory = new PeerConnectionFactory(null, options, factoryOptions);
        await using var peers = PeerProcess.Start();
        var connections = new List<PeerConnection>(count);
        await ConnectAsync(factory, peers, connections, Math.Min(count, WarmUpConnections), arguments["parallel"]);
        await CloseAsync(connections, peers);
        await Task.Delay(Settling);
        var before = ProcessMemory.Now();

        var setup = ResourceMeter.Start();
        await ConnectAsync(factory, peers, connections, count, arguments["parallel"]);
        var (setupTime, setupCpu) = (setup.Elapsed, setup.Cpu);
        await Task.Delay(Settling);
        await JitQuiet.WaitAsync(MostSettlingSeconds);
        var after = ProcessMemory.Now();
        var idle = ResourceMeter.Start();
        await Task.Delay(TimeSpan.FromSeconds(arguments["seconds"]));
        var idleCores = idle.Cpu / idle.Elapsed;

        var port = factory.UdpEndPoints[0];
        var noise = await FloodAsync(factory, peers, port, arguments["packets"], "data", idleCores);
        var checks = await FloodAsync(factory, peers, port, arguments["packets"], "checks", idleCores);
        var alive = connections.Count(static connection => connection.ConnectionState == PeerConnectionState.Connected);
        await CloseAsync(connections, peers);
        return new JsonLine(Name)
            .Add("connections", count)
            .Add("connected_at_the_end", alive)
            .Add("kilobytes_per_connection", (after.ResidentBytes - before.ResidentBytes) / 1000.0 / count)
            .Add("heap_kilobytes_per_connection", (after.HeapBytes - before.HeapBytes) / 1000.0 / count)
            .Add("threads", after.Threads)
            .Add("setups_per_second", count / setupTime.TotalSeconds)
            .Add("setup_cpu_ms_per_connection", setupCpu.TotalMilliseconds / count)
            .Add("idle_cores", idleCores)
            .Add("stranger_data_ns", noise.Nanoseconds)
            .Add("stranger_data_dropped", noise.Dropped)
            .Add("stranger_check_ns", checks.Nanoseconds)
            .Add("stranger_check_dropped", checks.Dropped)
            .Add("answers_to_strangers", noise.Answers + checks.Answers)
            .Add("udp_ns_per_packet", UdpBaseline.NanosecondsPerPacket());
    }

    // What it costs this process to receive and drop a packet, system calls included; the sender is the other process.
    private static async Task<Flood> FloodAsync(PeerConnectionFactory factory, PeerProcess peers, IPEndPoint port, int packets, string kind, double idleCores)
    {
        await peers.FloodAsync(port, packets / 10, kind);
        var dropped = factory.Ports!.StrangersDropped;
        var meter = ResourceMeter.Start();
        var answers = await peers.FloodAsync(port, packets, kind);
        var cpu = meter.Cpu - (meter.Elapsed * idleCores);
        dropped = factory.Ports.StrangersDropped - dropped;
        return new Flood(cpu.TotalNanoseconds / Math.Max(1, dropped), dropped, answers);
    }

    private static async Task ConnectAsync(PeerConnectionFactory factory, PeerProcess peers, List<PeerConnection> connections, int count, int parallel)
    {
        var gate = new SemaphoreSlim(parallel);
        var tasks = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            await gate.WaitAsync();
            var connection = factory.CreatePeerConnection();
            connections.Add(connection);
            tasks.Add(Connect(connection));
        }

        await Task.WhenAll(tasks);

        async Task Connect(PeerConnection connection)
        {
            try
            {
                await AnswerAsync(connection, peers).WaitAsync(Patience);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    // The server answers, as servers mostly do; candidates travel in the descriptions.
    private static async Task AnswerAsync(PeerConnection connection, PeerProcess peers)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.DataChannel += (_, _) => opened.TrySetResult();
        var gathered = Gathering.Complete(connection);
        var (id, offer) = await peers.NextOfferAsync();
        await connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Offer, offer));
        await connection.SetLocalDescriptionAsync();
        await gathered;
        peers.Answer(id, connection.LocalDescription!.Sdp);
        await opened.Task;
    }

    private static async Task CloseAsync(List<PeerConnection> connections, PeerProcess peers)
    {
        await Task.WhenAll(connections.Select(static connection => connection.DisposeAsync().AsTask()));
        connections.Clear();
        peers.CloseAll();
    }

    private readonly record struct Flood(double Nanoseconds, long Dropped, int Answers);
}
