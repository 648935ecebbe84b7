using System.Net.NetworkInformation;

namespace WebRtcCore.Transport;

/// <summary>
/// Watches the addresses of this machine for all connections of the process: on the system's notices, and every two seconds in case one was not given. Nothing is
/// watched while nobody wants to know. Thread-safe.
/// </summary>
internal sealed class NetworkMonitor
{
    // Interfaces change several times in a row: link, address, route.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Func<IReadOnlyList<InterfaceAddress>> _discover;
    private readonly TimeProvider _time;
    private readonly bool _listensToSystem;
    private readonly List<Subscription> _subscriptions = [];
    private readonly Lock _checking = new();
    private IReadOnlyList<InterfaceAddress> _known = [];
    private ITimer? _timer;

    /// <summary>Creates a monitor of its own, for tests.</summary>
    public NetworkMonitor(Func<IReadOnlyList<InterfaceAddress>> discover, TimeProvider time, bool listensToSystem = false)
    {
        _discover = discover;
        _time = time;
        _listensToSystem = listensToSystem;
    }

    /// <summary>The monitor of the process.</summary>
    public static NetworkMonitor Shared { get; } = new(InterfaceAddress.Discover, TimeProvider.System, listensToSystem: true);

    /// <summary>Asks the system for every address now.</summary>
    public IReadOnlyList<InterfaceAddress> Discover() => _discover();

    /// <summary>Calls <paramref name="changed"/>, on the thread pool, each time the addresses have changed; dispose of the result to end that.</summary>
    public IDisposable Subscribe(Action<IReadOnlyList<InterfaceAddress>> changed)
    {
        var subscription = new Subscription(this, changed);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
            if (_subscriptions.Count == 1)
            {
                Start();
            }
        }

        return subscription;
    }

    /// <summary>Looks now, and tells if anything has changed.</summary>
    public void Check()
    {
        // One after another, so that an older answer of the system never overtakes a newer one.
        lock (_checking)
        {
            IReadOnlyList<InterfaceAddress> found;
            try
            {
                found = _discover();
            }
            catch (NetworkInformationException)
            {
                // An interface went while the system was listing them; the next look finds the rest.
                return;
            }

            Subscription[] subscriptions;
            lock (_gate)
            {
                if (found.ToHashSet().SetEquals(_known))
                {
                    return;
                }

                _known = found;
                subscriptions = [.. _subscriptions];
            }

            foreach (var subscription in subscriptions)
            {
                subscription.Changed(found);
            }
        }
    }

    private void Start()
    {
        _known = _discover();
        _timer = _time.CreateTimer(static state => ((NetworkMonitor)state!).Check(), this, Period, Period);
        if (_listensToSystem)
        {
            NetworkChange.NetworkAddressChanged += OnSystemNotice;
            NetworkChange.NetworkAvailabilityChanged += OnSystemNotice;
        }
    }

    private void OnSystemNotice(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            _timer?.Change(Settling, Period);
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(subscription) || _subscriptions.Count > 0)
            {
                return;
            }

            _timer?.Dispose();
            _timer = null;
            if (_listensToSystem)
            {
                NetworkChange.NetworkAddressChanged -= OnSystemNotice;
                NetworkChange.NetworkAvailabilityChanged -= OnSystemNotice;
            }
        }
    }

    private sealed class Subscription(NetworkMonitor monitor, Action<IReadOnlyList<InterfaceAddress>> changed) : IDisposable
    {
        public Action<IReadOnlyList<InterfaceAddress>> Changed => changed;

        public void Dispose() => monitor.Remove(this);
    }
}
