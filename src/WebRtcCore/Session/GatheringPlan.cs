using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>Makes of a W3C configuration what the ICE agent gathers from: URLs are parsed and names looked up, all at once.</summary>
internal static class GatheringPlan
{
    /// <summary>Whether some server is spoken to from the candidates' sockets and allocates for one of them alone.</summary>
    public static bool NeedsRelaySockets(PeerConnectionConfiguration configuration) => configuration.IceServers
        .SelectMany(static server => server.Urls)
        .Any(static url => IceServerUrl.TryParse(url, out var parsed) && parsed!.Scheme != IceServerScheme.Stun && parsed.Transport == TransportProtocol.Udp);

    /// <summary>Looks the servers up. Those that are not found are named without an address; kinds that are not spoken here (STUN over TCP or TLS, TURN over DTLS) are left out.</summary>
    public static async Task<IceGatheringOptions> MakeAsync(PeerConnectionConfiguration configuration, IReadOnlyList<LocalAddress> hosts, StunServerResolver resolver)
    {
        var entries = configuration.IceServers.SelectMany(static server => server.Urls.Select(url => (Server: server, Url: url))).ToArray();
        var resolved = await Task.WhenAll(entries.Select(async entry => IceServerUrl.TryParse(entry.Url, out var parsed)
            ? (entry.Server, entry.Url, Parsed: parsed, Addresses: await resolver.ResolveAsync(parsed!, CancellationToken.None).ConfigureAwait(false))
            : (entry.Server, entry.Url, Parsed: null, Addresses: []))).ConfigureAwait(false);
        return new IceGatheringOptions
        {
            HostAddresses = [.. hosts.Select(static host => host.Address)],
            NetworkCosts = hosts.ToDictionary(static host => host.Address, static host => host.NetworkCost),
            StunServers =
            [
                .. resolved.Where(static r => r.Parsed is { Scheme: IceServerScheme.Stun })
                    .SelectMany(static r => r.Addresses.DefaultIfEmpty().Select(address => new StunServer(address, r.Url)))
                    .DistinctBy(static server => server.Address.IsNone ? (object)server.Url : server.Address)
                    .Take(StunServerResolver.MaxAddresses),
            ],
            TurnServers =
            [
                .. resolved.Where(static r => IsSpoken(r.Parsed))
                    .Select(static r => new TurnServer
                    {
                        Url = r.Url,
                        Addresses = r.Addresses,
                        Protocol = ProtocolOf(r.Parsed!),
                        HostName = r.Parsed!.Host,
                        Username = r.Server.Username,
                        Password = r.Server.Credential,
                    }),
            ],
            IsRelayOnly = configuration.IceTransportPolicy == IceTransportPolicy.Relay,
        };
    }

    private static bool IsSpoken(IceServerUrl? url) =>
        url is { Scheme: IceServerScheme.Turn } or { Scheme: IceServerScheme.Turns, Transport: TransportProtocol.Tcp };

    private static IceRelayProtocol ProtocolOf(IceServerUrl url) =>
        url.Scheme == IceServerScheme.Turns ? IceRelayProtocol.Tls
        : url.Transport == TransportProtocol.Tcp ? IceRelayProtocol.Tcp
        : IceRelayProtocol.Udp;
}
