using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Dns;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>Looks up the addresses of STUN and TURN servers (RFC 8489, 8; RFC 5928).</summary>
/// <param name="timeProvider">For the time limits.</param>
/// <param name="logger">Failures are logged and returned, not thrown: a connection without a server still has its host candidates.</param>
/// <param name="lookup">The name service for addresses; <see langword="null"/> is the system's.</param>
/// <param name="services">Looks up SRV records; <see langword="null"/> if they are not wanted.</param>
internal sealed class StunServerResolver(
    TimeProvider timeProvider, ILogger logger, Func<string, CancellationToken, Task<IPAddress[]>>? lookup = null, ServiceResolver? services = null)
{
    /// <summary>No more addresses of a server than this are returned: each costs a transaction per local address.</summary>
    public const int MaxAddresses = 8;

    /// <summary>How long an address that is known waits for a SRV record that may name another. Both are asked for at once, of the same name servers.</summary>
    public static readonly TimeSpan ServiceGrace = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    // RFC 6761, 6762: these are never in the DNS.
    private static readonly string[] LocalDomains = [".local", ".localhost", ".invalid", ".test"];
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookup = lookup ?? System.Net.Dns.GetHostAddressesAsync;

    /// <summary>
    /// The distinct addresses of a server, IPv4 and IPv6: where its domain's SRV records lead, best first, if the URL leaves the port to them; otherwise those of its name,
    /// in the order in which the name service gives them.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ServerAddresses> ResolveAsync(IceServerUrl server, CancellationToken cancellationToken)
    {
        if (TransportAddress.TryParse(server.Host, server.Port, out var literal))
        {
            return new ServerAddresses([literal]);
        }

        var records = services is not null && HasServices(server) ? services.LookUpAsync(ServiceNameOf(server), cancellationToken) : Task.FromResult<IReadOnlyList<DnsService>?>(null);
        var plain = await LookUpAsync(server.Host, server.Port, cancellationToken).ConfigureAwait(false);
        var places = await WaitAsync(records, plain.Addresses.Count > 0 ? ServiceGrace : TimeLimit, cancellationToken).ConfigureAwait(false);
        if (places is null)
        {
            return plain;
        }

        if (places.Count == 0)
        {
            return new ServerAddresses([], $"{server.Host} says that it has no such service.");
        }

        var found = await Task.WhenAll(places.Select(place => LookUpAsync(place.Target, place.Port, cancellationToken))).ConfigureAwait(false);
        var addresses = found.SelectMany(static f => f.Addresses).Distinct().Take(MaxAddresses).ToArray();
        return addresses.Length > 0 ? new ServerAddresses(addresses) : plain;
    }

    /// <summary>The name under which the server's domain would have its SRV records.</summary>
    internal static string ServiceNameOf(IceServerUrl server)
    {
        var service = server.Scheme switch
        {
            IceServerScheme.Stun => "stun",
            IceServerScheme.Stuns => "stuns",
            IceServerScheme.Turn => "turn",
            _ => "turns",
        };
        return $"_{service}._{(server.Transport == TransportProtocol.Tcp ? "tcp" : "udp")}.{server.Host.TrimEnd('.')}";
    }

    // A name of one label is the local network's own.
    private static bool HasServices(IceServerUrl server)
    {
        var host = server.Host.TrimEnd('.');
        return !server.HasPort && host.Contains('.', StringComparison.Ordinal) && DnsName.IsValid(ServiceNameOf(server))
            && !Array.Exists(LocalDomains, domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<IReadOnlyList<DnsService>?> WaitAsync(Task<IReadOnlyList<DnsService>?> records, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await records.WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<ServerAddresses> LookUpAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (TransportAddress.TryParse(host, port, out var literal))
        {
            return new ServerAddresses([literal]);
        }

        using var limit = new CancellationTokenSource(TimeLimit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // The system's resolver does not always heed the token: the wait does.
            var found = await _lookup(host, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            var addresses = found.Select(address => TransportAddress.From(address, port)).Distinct().Take(MaxAddresses).ToArray();
            return addresses.Length > 0 ? new ServerAddresses(addresses) : new ServerAddresses([], $"{host} has no address.");
        }
        catch (SocketException exception)
        {
            Log.ServerNotResolved(logger, host, exception.Message);
            return new ServerAddresses([], $"The name {host} was not found: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ServerNotResolved(logger, host, "no answer in time");
            return new ServerAddresses([], $"The name service has not found {host} in time.");
        }
    }
}
