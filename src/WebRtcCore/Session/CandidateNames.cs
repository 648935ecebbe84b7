using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;
using WebRtcCore.Transport.Multicast;

namespace WebRtcCore.Session;

/// <summary>The <c>.local</c> names of one connection: the peer's, which are resolved, and its own, which hide its addresses where the options want that.</summary>
internal sealed class CandidateNames(ConnectionContext context) : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Dictionary<TransportAddress, string?> _published = [];

    // A virtual network has no multicast; its test brings names along if it wants any.
    private IMulticastNames? Service => context.Options.MulticastNames ?? (context.Options.SocketFactory is null ? MulticastNames.Shared : null);

    /// <summary>Looks for a name of the peer on the interfaces that this connection uses.</summary>
    /// <returns>The address; none if it is not found, or not to be looked for.</returns>
    public async Task<TransportAddress> ResolveAsync(string name)
    {
        if (!context.Options.ResolveMulticastNames || Service is not { } service)
        {
            return default;
        }

        try
        {
            var address = await service.ResolveAsync(name, LocalAddresses.Select(context.Options), _closed.Token).ConfigureAwait(false);
            Log.MulticastNameResolved(context.Logger, Redact.Address(address));
            return address;
        }
        catch (OperationCanceledException)
        {
            return default;
        }
    }

    /// <summary>Gives each address a name, if addresses are to be hidden.</summary>
    /// <returns>
    /// The names by address with port 0, <see langword="null"/> for an address that cannot have one and is therefore not told at all; or <see langword="null"/> if nothing is hidden.
    /// </returns>
    public IReadOnlyDictionary<TransportAddress, string?>? Hide(IReadOnlyList<TransportAddress> hosts)
    {
        if (!context.Options.HideHostAddresses)
        {
            return null;
        }

        lock (_published)
        {
            foreach (var host in hosts.Select(static host => host.WithPort(0)).Distinct())
            {
                if (!_published.ContainsKey(host))
                {
                    _published[host] = _closed.IsCancellationRequested ? null : Service?.Publish(host);
                }
            }

            return new Dictionary<TransportAddress, string?>(_published);
        }
    }

    /// <summary>Answers for the names of addresses that are gone no more; should one come back, it gets another name.</summary>
    public void Forget(IEnumerable<TransportAddress> hosts)
    {
        lock (_published)
        {
            foreach (var host in hosts)
            {
                if (_published.Remove(host.WithPort(0), out var name) && name is not null)
                {
                    Service!.Withdraw(name);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_published)
        {
            _closed.Cancel();
            foreach (var name in _published.Values.OfType<string>())
            {
                Service!.Withdraw(name);
            }

            _published.Clear();
        }

        _closed.Dispose();
    }
}
