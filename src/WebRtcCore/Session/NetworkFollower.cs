using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>Binds and closes the sockets of one connection as addresses of the machine come and go, and tells its agent.</summary>
internal sealed class NetworkFollower(ConnectionContext context, CandidateSockets sockets, Action<Action<RtcSession, Instant>> post) : IDisposable
{
    private readonly Lock _gate = new();
    private IDisposable? _subscription;
    private Task _work = Task.CompletedTask;
    private bool _disposed;

    /// <summary>
    /// Begins to watch, and to follow once the first sockets are bound. Ports that are shared with other connections stay as they are, and a virtual network's sockets are
    /// followed only where it says what changes.
    /// </summary>
    public void Start(Task bound)
    {
        if (!context.Options.FollowNetworkChanges || sockets.IsShared || (context.Options.SocketFactory is not null && context.Options.Networks is null))
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

        // What is gone first: another connection over it would only be tried in vain.
        var gone = await sockets.CloseOthersAsync(present).ConfigureAwait(false);
        if (gone.Count > 0)
        {
            post((session, now) =>
            {
                foreach (var address in gone)
                {
                    session.Ice.RemoveHostAddress(address, now);
                }
            });
        }

        var come = await sockets.BindAsync(present).ConfigureAwait(false);
        if (come.Count > 0)
        {
            post((session, now) =>
            {
                foreach (var local in come)
                {
                    session.Ice.AddHostAddress(local.Address, local.NetworkCost, now);
                }
            });
        }
    }
}
