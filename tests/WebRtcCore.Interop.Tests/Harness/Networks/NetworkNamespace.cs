using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WebRtcCore.Interop.Tests.Harness.Networks;

/// <summary>One network of <see cref="NetworkNamespaces"/>.</summary>
internal sealed partial class NetworkNamespace(string name)
{
    private const int NewNetwork = 0x4000_0000;

    public string Name => name;

    /// <summary>How a program is started in it: the program to run and the arguments before those of the program itself. The process keeps its id.</summary>
    public (string Program, string[] Arguments) Enter(string program) => ("ip", ["netns", "exec", name, program]);

    /// <summary>Runs <c>ip</c> in it; the arguments are separated by spaces.</summary>
    public Task<string> IpAsync(string arguments) => RunAsync("ip", ["-n", name, .. arguments.Split(' ')]);

    /// <summary>Takes an interface up or down.</summary>
    public Task SetLinkAsync(string device, bool isUp) => IpAsync($"link set {device} {(isUp ? "up" : "down")}");

    /// <summary>Lets it forward packets between its interfaces.</summary>
    public Task ForwardAsync() => RunAsync("ip", "netns", "exec", name, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");

    /// <summary>Loads rules of <c>nft</c>.</summary>
    public Task<string> NftAsync(string rules) => RunAsync("ip", ["netns", "exec", name, "nft", "-f", "-"], rules);

    /// <summary>Connects to something in it. The socket stays there, wherever it is used.</summary>
    public Socket Connect(IPEndPoint remote)
    {
        Socket? socket = null;
        Exception? failure = null;

        // The namespace is the thread's, so the thread must not go back to the pool.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/var/run/netns/{name}");
                if (SetNamespace((int)handle.DangerousGetHandle(), NewNetwork) != 0)
                {
                    throw new InvalidOperationException($"setns: error {Marshal.GetLastPInvokeError()}");
                }

                socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Connect(remote);
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            socket?.Dispose();
            throw new InvalidOperationException($"In namespace {name}: {failure.Message}", failure);
        }

        return socket!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, "");

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {(await errors).Trim()}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
