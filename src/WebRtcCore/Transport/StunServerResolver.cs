using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>Looks up the addresses of STUN and TURN servers.</summary>
/// <param name="timeProvider">For the time limit.</param>
/// <param name="logger">Failures are logged, not thrown: a connection without a server still has its host candidates.</param>
/// <param name="lookup">The name service; <see langword="null"/> is the system's.</param>
internal sealed class StunServerResolver(TimeProvider timeProvider, ILogger logger, Func<string, CancellationToken, Task<IPAddress[]>>? lookup = null)
{
    /// <summary>No more addresses of a server than this are returned: each costs a transaction per local address.</summary>
    public const int MaxAddresses = 8;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookup = lookup ?? System.Net.Dns.GetHostAddressesAsync;

    /// <summary>The distinct addresses of a server, IPv4 and IPv6, in the order in which the name service gives them; none if it is not found.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<IReadOnlyList<TransportAddress>> ResolveAsync(IceServerUrl server, CancellationToken cancellationToken)
    {
        if (TransportAddress.TryParse(server.Host, server.Port, out var literal))
        {
            return [literal];
        }

        using var limit = new CancellationTokenSource(TimeLimit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // The system's resolver does not always heed the token: the wait does.
            var found = await _lookup(server.Host, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return [.. found.Select(address => TransportAddress.From(address, server.Port)).Distinct().Take(MaxAddresses)];
        }
        catch (SocketException exception)
        {
            Log.ServerNotResolved(logger, server.Host, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ServerNotResolved(logger, server.Host, "no answer in time");
        }

        return [];
    }
}
