namespace WebRtcCore.Interop.Tests.Harness.Networks;

/// <summary>
/// The Internet in small: a public network, in which servers run at one address, and two homes behind a router each that translates addresses as Linux does.
/// </summary>
/// <remarks>
/// <code>
///  home a 10.0.1.2 -- router a 203.0.113.18 --+-- public 192.0.2.1 --+-- router b 203.0.113.34 -- home b 10.0.2.2
/// </code>
/// </remarks>
internal sealed class NatNetwork : IAsyncDisposable
{
    /// <summary>Where servers are reached.</summary>
    public const string PublicAddress = "192.0.2.1";

    private readonly NetworkNamespaces _namespaces;

    private NatNetwork(NetworkNamespaces namespaces, NetworkNamespace internet, NetworkNamespace homeA, NetworkNamespace homeB)
    {
        _namespaces = namespaces;
        Internet = internet;
        HomeA = homeA;
        HomeB = homeB;
    }

    public NetworkNamespace Internet { get; }

    public NetworkNamespace HomeA { get; }

    public NetworkNamespace HomeB { get; }

    public static async Task<NatNetwork> CreateAsync(NatKind kindA, NatKind kindB)
    {
        var namespaces = await NetworkNamespaces.CreateAsync();
        try
        {
            var internet = await namespaces.AddAsync("net");
            await internet.ForwardAsync();
            await internet.IpAsync($"address add {PublicAddress}/32 dev lo");

            // What is nobody's goes to somebody who forwards nothing, private addresses too. Without a route, sending to one fails at once, and coturn ends the
            // allocation that tried.
            await NetworkNamespaces.LinkAsync((internet, "rest", "203.0.113.49/28"), (await namespaces.AddAsync("rest"), "rest", "203.0.113.50/28"));
            await internet.IpAsync("route add default via 203.0.113.50");
            var homeA = await AddHomeAsync(namespaces, internet, kindA, "a", "203.0.113.17/28", "203.0.113.18/28", "10.0.1.1/24", "10.0.1.2/24");
            var homeB = await AddHomeAsync(namespaces, internet, kindB, "b", "203.0.113.33/28", "203.0.113.34/28", "10.0.2.1/24", "10.0.2.2/24");
            return new NatNetwork(namespaces, internet, homeA, homeB);
        }
        catch
        {
            await namespaces.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _namespaces.DisposeAsync();

    private static async Task<NetworkNamespace> AddHomeAsync(
        NetworkNamespaces namespaces, NetworkNamespace internet, NatKind kind, string name, string internetAddress, string outside, string inside, string home)
    {
        var router = await namespaces.AddAsync("router" + name);
        var hosts = await namespaces.AddAsync("home" + name);
        await NetworkNamespaces.LinkAsync((internet, "wan" + name, internetAddress), (router, "wan", outside));
        await NetworkNamespaces.LinkAsync((router, "lan", inside), (hosts, "lan", home));
        await router.ForwardAsync();
        await router.IpAsync($"route add default via {internetAddress.Split('/')[0]}");
        await hosts.IpAsync($"route add default via {inside.Split('/')[0]}");

        // What nobody inside has asked for is dropped, as home routers do. Answered instead, it would also take the port that the host is to get.
        await router.NftAsync($$"""
            table ip nat {
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                oifname "wan" masquerade {{Option(kind)}}
              }
            }
            table ip filter {
              chain input {
                type filter hook input priority filter; policy accept;
                iifname "wan" ct state new,invalid drop
              }
              chain forward {
                type filter hook forward priority filter; policy accept;
                iifname "wan" ct state new,invalid drop
              }
            }

            """);
        return hosts;
    }

    private static string Option(NatKind kind) => kind switch
    {
        NatKind.Masquerade => "",
        NatKind.Random => "random",
        NatKind.FullyRandom => "fully-random",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
