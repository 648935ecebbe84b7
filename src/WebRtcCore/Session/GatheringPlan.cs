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
        .Any(static url => IceServerUrl.TryParse(url, out var parsed) && parsed!.Scheme == IceServerScheme.Turn && parsed.Transport == TransportProtocol.Udp);

    /// <summary>Looks the servers up. Those that are not found, and kinds that are not spoken here, are named with the reason, which becomes a candidate error.</summary>
    public static async Task<IceGatheringOptions> MakeAsync(PeerConnectionConfiguration configuration, IReadOnlyList<LocalAddress> hosts, StunServerResolver resolver)
    {
        var entries = configuration.IceServers.SelectMany(static server => server.Urls.Select(url => (Server: server, Url: url))).ToArray();
        var resolved = await Task.WhenAll(entries.Select(async entry => IceServerUrl.TryParse(entry.Url, out var parsed)
            ? await ResolveAsync(entry.Server, entry.Url, parsed!, resolver).ConfigureAwait(false)
            : new Entry(entry.Server, entry.Url, null, [], "The URL is malformed."))).ConfigureAwait(false);
        return new IceGatheringOptions
        {
            HostAddresses = [.. hosts.Select(static host => host.Address)],
            NetworkCosts = hosts.ToDictionary(static host => host.Address, static host => host.NetworkCost),
            StunServers =
            [
                .. resolved.Where(static r => r is { Failure.Length: 0, Parsed.Scheme: IceServerScheme.Stun })
                    .SelectMany(static r => r.Addresses.Select(address => new StunServer(address, r.Url)))
                    .DistinctBy(static server => server.Address)
                    .Take(StunServerResolver.MaxAddresses),
            ],
            TurnServers =
            [
                .. resolved.Where(static r => r is { Failure.Length: 0, Parsed.Scheme: IceServerScheme.Turn or IceServerScheme.Turns })
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
            UnusableServers = [.. resolved.Where(static r => r.Failure.Length > 0).Select(static r => new UnusableServer(r.Url, r.Failure))],
            IsRelayOnly = configuration.IceTransportPolicy == IceTransportPolicy.Relay,
        };
    }

    private static async Task<Entry> ResolveAsync(IceServer server, string url, IceServerUrl parsed, StunServerResolver resolver)
    {
        if (ReasonNotSpoken(parsed) is { } reason)
        {
            return new Entry(server, url, parsed, [], reason);
        }

        var found = await resolver.ResolveAsync(parsed, CancellationToken.None).ConfigureAwait(false);
        return new Entry(server, url, parsed, found.Addresses, found.Failure);
    }

    private static string? ReasonNotSpoken(IceServerUrl url) => url switch
    {
        { Scheme: IceServerScheme.Stuns } => "STUN over TLS gives no candidate and is not spoken.",
        _ => null,
    };

    private static IceRelayProtocol ProtocolOf(IceServerUrl url) =>
        (url.Scheme, url.Transport) switch
        {
            (IceServerScheme.Turns, TransportProtocol.Tcp) => IceRelayProtocol.Tls,
            (IceServerScheme.Turns, _) => IceRelayProtocol.Dtls,
            (_, TransportProtocol.Tcp) => IceRelayProtocol.Tcp,
            _ => IceRelayProtocol.Udp,
        };

    private sealed record Entry(IceServer Server, string Url, IceServerUrl? Parsed, IReadOnlyList<TransportAddress> Addresses, string Failure);
}
