using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>Binds and closes the sockets of one connection, over UDP and TCP, as addresses of the machine come and go, and tells its agent.</summary>
/// <param name="context">The options.</param>
/// <param name="sockets">The UDP sockets.</param>
/// <param name="tcp">What there is over TCP.</param>
/// <param name="names">The names of hidden addresses.</param>
/// <param name="post">Does something on the loop.</param>
internal sealed class NetworkFollower(
    ConnectionContext context, CandidateSockets sockets, TcpCandidates tcp, CandidateNames names, Action<Action<RtcSession, Instant>> post) : IDisposable
{
    private readonly Lock _gate = new();
    private IDisposable? _subscription;
    private Task _work = Task.CompletedTask;
    private bool _disposed;

    /// <summary>
    /// Begins to watch, and to follow once the first sockets are bound. A virtual network's sockets are followed only where it says what changes.
    /// </summary>
    public void Start(Task bound)
    {
        if (!context.Options.FollowNetworkChanges || (context.Options.SocketFactory is not null && context.Options.Networks is null))
        {
            return;
        }

        var monitor = context.Options.Networks ?? NetworkMonitor.Shared;
        lock (_gate)
        {
            if (!_disposed)
            {
                _work = bound;
                _subscription ??= monitor.Subscribe(OnChanged);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _subscription?.Dispose();
        }
    }

    private void OnChanged(IReadOnlyList<InterfaceAddress> found)
    {
        lock (_gate)
        {
            _work = FollowAsync(_work, found);
        }
    }

    private async Task FollowAsync(Task before, IReadOnlyList<InterfaceAddress> found)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        var present = LocalAddresses.Select(context.Options, () => found)
            .Where(local => found.Any(address => TransportAddress.From(address.Address, 0) == local.Address)).ToArray();

        // What is gone first: another connection over it would only be tried in vain. An address that has become deprecated is not gone: what uses it may go on.
        await LeaveAsync([.. found.Select(static address => new LocalAddress(TransportAddress.From(address.Address, 0), address.NetworkCost))]).ConfigureAwait(false);
        var come = await sockets.BindAsync(present).ConfigureAwait(false);
        var tcpCome = await tcp.FollowAsync(present).ConfigureAwait(false);
        if (come.Count + tcpCome.Count == 0)
        {
            return;
        }

        var named = names.Hide([.. come.Select(static local => local.Address), .. tcpCome.Select(static host => host.Address)]);
        post((session, now) =>
        {
            foreach (var (address, cost) in come)
            {
                session.Ice.AddHostAddress(address, cost, NameOf(address), now);
            }

            foreach (var host in tcpCome)
            {
                session.Ice.Tcp.AddHost(host, NameOf(host.Address), now);
            }
        });

        string? NameOf(TransportAddress address) => named?.GetValueOrDefault(address.WithPort(0));
    }

    private async Task LeaveAsync(IReadOnlyList<LocalAddress> present)
    {
        var gone = await sockets.CloseOthersAsync(present).ConfigureAwait(false);
        var tcpGone = await tcp.CloseOthersAsync(present).ConfigureAwait(false);
        if (gone.Count + tcpGone.Count == 0)
        {
            return;
        }

        names.Forget([.. gone, .. tcpGone.Select(static host => host.Address)]);
        post((session, now) =>
        {
            foreach (var address in gone)
            {
                session.Ice.RemoveHostAddress(address, now);
            }

            foreach (var host in tcpGone)
            {
                session.Ice.Tcp.RemoveHost(host, now);
            }
        });
    }
}
