using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using WebRtcCore.Testing;

namespace WebRtcCore.LoadTest.Relay;

/// <summary>A TURN server in a process of its own, on the first processor, with the user alice.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RelayServer
{
    public const string Username = "alice";
    public const string Password = "secret";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Func<int, string[]> _command;

    private RelayServer(string name, Func<int, string[]> command)
    {
        Name = name;
        _command = command;
    }

    public static RelayServer Ours { get; } = new("ours", static port =>
    [
        "dotnet", TestData.Path("../samples/TurnServer/bin/Release/net10.0/TurnServer.dll"), "--Turn:Listen:0", "127.0.0.1", "--Turn:Port", Text(port),
        $"--Turn:Users:{Username}", Password, "--Turn:AllowPrivatePeers", "true", "--Turn:MaxAllocationsPerUser", "1000",
    ]);

    public static IReadOnlyList<RelayServer> All { get; } =
    [
        Ours,
        new("coturn", static port => Coturn(port)),
        new("coturn_one_thread", static port => [.. Coturn(port), "--relay-threads", "1"]),
    ];

    public string Name { get; }

    /// <summary>Keeps this process off the servers' processor.</summary>
    public static void UseOtherProcessor()
    {
        using var own = Process.GetCurrentProcess();
        own.ProcessorAffinity = 2;
    }

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task<Running> StartAsync()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("taskset", ["--cpu-list", "0", .. _command(port)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var running = new Running(Process.Start(start)!, new IPEndPoint(IPAddress.Loopback, port));
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(running.EndPoint, limit.Token);
                return running;
            }
            catch (SocketException) when (!running.HasExited)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }

    private static string[] Coturn(int port) =>
    [
        "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--log-file", "/dev/null", "--allow-loopback-peers", "--realm", "localhost", "--lt-cred-mech",
        "--user", $"{Username}:{Password}", "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--listening-port", Text(port),
        "--pidfile", Path.Combine(Path.GetTempPath(), $"relay-load-{port}.pid"),
    ];

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A server that runs.</summary>
    internal sealed class Running : IDisposable
    {
        private readonly Process _process;

        public Running(Process process, IPEndPoint endPoint)
        {
            _process = process;
            EndPoint = endPoint;
            _process.OutputDataReceived += static (_, _) => { };
            _process.ErrorDataReceived += static (_, _) => { };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public IPEndPoint EndPoint { get; }

        public bool HasExited => _process.HasExited;

        /// <summary>Of all of its threads, user and kernel.</summary>
        public TimeSpan CpuTime
        {
            get
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
