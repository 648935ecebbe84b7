using System.Diagnostics;
using System.Globalization;

namespace WebRtcCore.Interop.Tests.Harness.Networks;

/// <summary>
/// Networks of a test's own: Linux network namespaces, joined by pairs of virtual interfaces. They need the right to make them, root in nearly all cases;
/// where it is missing the test is skipped with the reason, or fails where peers are required. All of them are removed with this, whatever becomes of the test; those of
/// a test run that was killed are removed by the next.
/// </summary>
internal sealed class NetworkNamespaces : IAsyncDisposable
{
    private const string Prefix = "wrtc-";
    private static int _made;

    private readonly List<NetworkNamespace> _all = [];
    private readonly string _names = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _made)}-");

    private NetworkNamespaces()
    {
    }

    /// <summary>Begins without any; refuses the test where namespaces or the programs for them are missing.</summary>
    public static async Task<NetworkNamespaces> CreateAsync()
    {
        Peers.Require("ip");
        Peers.Require("nft");
        await RemoveAbandonedAsync();
        var namespaces = new NetworkNamespaces();
        try
        {
            await namespaces.AddAsync("probe");
        }
        catch (InvalidOperationException failure)
        {
            Peers.Refuse($"Network namespaces cannot be made here: {failure.Message}");
        }

        return namespaces;
    }

    /// <summary>Makes a namespace, its loopback interface up.</summary>
    /// <param name="role">A short word, which its name ends with.</param>
    public async Task<NetworkNamespace> AddAsync(string role)
    {
        var added = new NetworkNamespace(_names + role);
        await NetworkNamespace.RunAsync("ip", "netns", "add", added.Name);
        _all.Add(added);
        await added.IpAsync("link set lo up");
        return added;
    }

    /// <summary>Joins two namespaces by an interface each, both up, with an address and its prefix length such as <c>10.0.0.1/24</c>.</summary>
    public static async Task LinkAsync(
        (NetworkNamespace Namespace, string Device, string Address) one, (NetworkNamespace Namespace, string Device, string Address) other)
    {
        await NetworkNamespace.RunAsync(
            "ip", "link", "add", one.Device, "netns", one.Namespace.Name, "type", "veth", "peer", "name", other.Device, "netns", other.Namespace.Name);
        foreach (var (end, device, address) in new[] { one, other })
        {
            // An IPv6 address is in use at once, without looking for duplicates first.
            await end.IpAsync($"address add {address} dev {device}{(address.Contains(':', StringComparison.Ordinal) ? " nodad" : "")}");
            await end.IpAsync($"link set {device} up");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var added in _all)
        {
            await NetworkNamespace.RunAsync("ip", "netns", "delete", added.Name);
        }

        _all.Clear();
    }

    // Their names tell the process that made them.
    private static async Task RemoveAbandonedAsync()
    {
        var names = await NetworkNamespace.RunAsync("ip", "netns", "list");
        foreach (var name in names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')[0]))
        {
            var parts = name.Split('-');
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && parts.Length == 4 && int.TryParse(parts[1], out var process) && !IsRunning(process))
            {
                await NetworkNamespace.RunAsync("ip", "netns", "delete", name);
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
