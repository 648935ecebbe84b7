using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Connections;

/// <summary>A network namespace of Linux, made for one test and removed with it. Sockets bound through it stay in it.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x4000_0000;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Makes one, or ends the test as skipped with the reason: another system, no leave, no "ip" command.</summary>
    public static NetworkNamespace CreateOrIgnore(string suffix)
    {
        if (!OperatingSystem.IsLinux())
        {
            Refuse("Network namespaces are Linux's.");
        }

        // One of this name can only have been left by a test run that was killed, and had the number that is this process's now.
        var name = $"wrtc-{Environment.ProcessId}-{suffix}";
        TryIp($"netns del {name}");
        if (TryIp($"netns add {name}") is { } error)
        {
            Refuse($"No network namespace can be made here: {error}");
        }

        var created = new NetworkNamespace(name);
        created.Ip("link set lo up");
        return created;
    }

    /// <summary>Ends the test as skipped, or as failed where everything that tests need has been installed.</summary>
    public static void Refuse(string reason)
    {
        if (Environment.GetEnvironmentVariable("WEBRTCCORE_REQUIRE_PEERS") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }

    /// <summary>Connects two with a cable whose ends have an address each.</summary>
    public static void Connect(NetworkNamespace a, string deviceA, string addressA, NetworkNamespace b, string deviceB, string addressB, int mtu)
    {
        a.Ip($"link add {deviceA} type veth peer name {deviceB} netns {b.Name}");
        a.Configure(deviceA, addressA, mtu);
        b.Configure(deviceB, addressB, mtu);
    }

    /// <summary>Runs an "ip" command inside.</summary>
    public void Ip(string arguments)
    {
        if (TryIp($"-n {Name} {arguments}") is { } error)
        {
            throw new InvalidOperationException($"ip {arguments}: {error}");
        }
    }

    /// <summary>Binds a socket inside.</summary>
    public UdpEndpoint? Bind(TransportAddress address) =>
        Run(() => UdpEndpoint.TryBind(address, UdpEndpointOptions.Default, TimeProvider.System, NullLogger.Instance));

    /// <summary>Lets packets be passed on from one device to another.</summary>
    public void Forward() => Run(() =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        return true;
    });

    public void Dispose() => TryIp($"netns del {Name}");

    private void Configure(string device, string address, int mtu)
    {
        Ip($"addr add {address} dev {device}");
        Ip($"link set {device} mtu {mtu} up");
    }

    // The namespace is the thread's, so the thread must not go back to the pool.
    private T Run<T>(Func<T> action)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/var/run/netns/{Name}");
                if (SetNamespace((int)handle.DangerousGetHandle(), NewNetwork) != 0)
                {
                    throw new InvalidOperationException($"setns: error {Marshal.GetLastPInvokeError()}");
                }

                result = action();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException($"In namespace {Name}", failure);
    }

    private static string? TryIp(string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
