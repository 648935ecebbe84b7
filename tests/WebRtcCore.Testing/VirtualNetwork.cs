using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>
/// A network of hosts in virtual time: an event queue of datagrams and the hosts' timers. The same seed and the same calls give the same run,
/// and a minute of protocol time takes milliseconds. Between any two hosts there is one <see cref="VirtualLink"/> per direction.
/// </summary>
public sealed class VirtualNetwork
{
    // A core that asks for the same instant again and again would hang the run; this many in a row is a bug of the core.
    private const int MaxTimeoutsPerInstant = 1000;
    private const int MaxTransmitsPerPoll = 100_000;

    private readonly SeededRandomSource _random;
    private readonly List<VirtualHost> _hosts = [];
    private readonly Dictionary<TransportAddress, VirtualHost> _bound = [];
    private readonly HashSet<VirtualNat> _nats = [];
    private readonly Dictionary<(VirtualHost From, VirtualHost To), VirtualLink> _links = [];
    private readonly PriorityQueue<InFlight, (long Ticks, long Order)> _inFlight = new();
    private readonly byte[] _buffer = new byte[65_536];
    private LinkConditions _conditions = LinkConditions.Good;
    private long _order;
    private int _datagrams;
    private int _timeoutsThisInstant;

    /// <summary>Creates an empty network.</summary>
    public VirtualNetwork(int seed = 1, VirtualClock? clock = null)
    {
        _random = new SeededRandomSource(seed);
        Clock = clock ?? new VirtualClock();
        Streams = new VirtualStreams(this);
    }

    /// <summary>The clock; the network moves it.</summary>
    public VirtualClock Clock { get; }

    /// <summary>Byte streams between hosts, as far as TURN over TCP and TLS needs them.</summary>
    public VirtualStreams Streams { get; }

    /// <summary>The present.</summary>
    public Instant Now => Clock.Now;

    /// <summary>The hosts, in the order added.</summary>
    public IReadOnlyList<VirtualHost> Hosts => _hosts;

    /// <summary>Sees every datagram as it is sent and decides on it: drop and swap matrices, taps.</summary>
    public Func<VirtualDatagram, DatagramFate>? Interceptor { get; set; }

    /// <summary>Datagrams on their way.</summary>
    public int DatagramsInFlight => _inFlight.Count;

    /// <summary>Datagrams sent to an address that nobody has bound, or that a NAT did not let in.</summary>
    public long Undeliverable { get; private set; }

    /// <summary>The conditions of links that have none of their own. Setting it changes every existing link too.</summary>
    public LinkConditions Conditions
    {
        get => _conditions;
        set
        {
            _conditions = value;
            foreach (var link in _links.Values)
            {
                link.Conditions = value;
            }
        }
    }

    /// <summary>Adds a host with its bound addresses.</summary>
    public VirtualHost AddHost(string name, IVirtualNode node, params TransportAddress[] addresses) => AddHost(name, node, nat: null, addresses);

    /// <summary>Adds a host behind <paramref name="nat"/>. Hosts behind the same NAT reach one another directly.</summary>
    public VirtualHost AddHost(string name, IVirtualNode node, VirtualNat? nat, params TransportAddress[] addresses)
    {
        var host = new VirtualHost(name, node, addresses, nat);
        foreach (var address in addresses)
        {
            _bound.Add(address, host);
        }

        for (var outer = nat; outer is not null; outer = outer.Outer)
        {
            _nats.Add(outer);
        }

        _hosts.Add(host);
        return host;
    }

    /// <summary>Gives a host another address: an interface has come up.</summary>
    public void Bind(VirtualHost host, TransportAddress address)
    {
        _bound.Add(address, host);
        host.Add(address);
    }

    /// <summary>Takes an address from a host: an interface has gone. Datagrams to it are lost from now on, also those on their way.</summary>
    public void Unbind(VirtualHost host, TransportAddress address)
    {
        _bound.Remove(address);
        host.Remove(address);
    }

    /// <summary>Does something later, in its turn among the events of the network.</summary>
    public void Schedule(TimeSpan delay, Action action) => ScheduleAt(Now + delay, action);

    /// <summary>The link of one direction, made on first use.</summary>
    public VirtualLink Link(VirtualHost from, VirtualHost to)
    {
        if (!_links.TryGetValue((from, to), out var link))
        {
            _links[(from, to)] = link = new VirtualLink(_conditions, _random.Fork());
        }

        return link;
    }

    /// <summary>Gives one direction a link of its own, or one shared with other directions.</summary>
    public void SetLink(VirtualHost from, VirtualHost to, VirtualLink link) => _links[(from, to)] = link;

    /// <summary>Sets the conditions of both directions between two hosts.</summary>
    public void SetConditions(VirtualHost a, VirtualHost b, LinkConditions conditions)
    {
        Link(a, b).Conditions = conditions;
        Link(b, a).Conditions = conditions;
    }

    /// <summary>Takes events and datagrams from every host, without moving the clock. Commands given to a core outside the network take effect here.</summary>
    public void Poll()
    {
        foreach (var host in _hosts)
        {
            Poll(host);
        }
    }

    /// <summary>Goes to the next event, if there is one up to <paramref name="limit"/>, and handles it.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step(Instant? limit = null)
    {
        Poll();
        var (host, due) = NextTimer();
        var arrival = _inFlight.TryPeek(out _, out var key) ? new Instant(key.Ticks) : (Instant?)null;
        if (Instant.Earliest(due, arrival) is not { } next || next > (limit ?? next))
        {
            return false;
        }

        if (next > Now)
        {
            _timeoutsThisInstant = 0;
        }

        Clock.AdvanceTo(next);
        if (arrival is { } a && a <= next)
        {
            Deliver(_inFlight.Dequeue());
        }
        else
        {
            Expire(host!);
        }

        return true;
    }

    /// <summary>Runs until <paramref name="predicate"/> holds.</summary>
    /// <returns>Whether it did, before <paramref name="limit"/> of virtual time had passed or nothing was left to happen.</returns>
    public bool RunUntil(Func<bool> predicate, TimeSpan limit)
    {
        var end = Now + limit;
        Poll();
        while (!predicate())
        {
            if (!Step(end))
            {
                Clock.AdvanceTo(end);
                return false;
            }

            Poll();
        }

        return true;
    }

    /// <summary>Runs for <paramref name="duration"/> of virtual time; the clock then stands at its end.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = Now + duration;
        while (Step(end))
        {
        }

        Clock.AdvanceTo(end);
    }

    internal void ScheduleAt(Instant when, Action action) => _inFlight.Enqueue(new InFlight(null, default, [], action), (when.Ticks, _order++));

    internal void DeliverAt(Instant when, VirtualHost to, NetworkPath path, byte[] bytes) =>
        _inFlight.Enqueue(new InFlight(to, path, bytes), (when.Ticks, _order++));

    /// <summary>A link for one stream, so that what it repeats does not hold up datagrams.</summary>
    internal VirtualLink MakeLink(VirtualHost from, VirtualHost to) => new(Link(from, to).Conditions, _random.Fork());

    /// <summary>
    /// Follows a packet from its host through the NATs on its way: out of those that the sender is behind until it is where the destination is, and into those in
    /// front of the receiver. The addresses become those that the receiver sees.
    /// </summary>
    internal bool TryTranslate(VirtualHost host, ref TransportAddress source, ref TransportAddress destination, [NotNullWhen(true)] out VirtualHost? to)
    {
        VirtualNat? left = null;
        for (var scope = host.Nat; ; scope = scope.Outer)
        {
            if (_bound.TryGetValue(destination, out to) && to.Nat == scope)
            {
                return true;
            }

            if (FindNat(destination, scope) is { } entered)
            {
                // RFC 4787 6: out of a NAT and into it again.
                return (entered != left || entered.Hairpins) && TryEnter(entered, source, ref destination, out to);
            }

            if (scope is null)
            {
                return false;
            }

            source = scope.TranslateOut(source, destination, Now);
            left = scope;
        }
    }

    private bool TryEnter(VirtualNat nat, TransportAddress source, ref TransportAddress destination, [NotNullWhen(true)] out VirtualHost? to)
    {
        to = null;
        for (var entered = nat; entered is not null; entered = FindNat(destination, entered))
        {
            if (!entered.TryTranslateIn(destination, source, Now, out destination))
            {
                return false;
            }

            if (_bound.TryGetValue(destination, out to) && to.Nat == entered)
            {
                return true;
            }
        }

        to = null;
        return false;
    }

    private VirtualNat? FindNat(TransportAddress destination, VirtualNat? scope)
    {
        foreach (var nat in _nats)
        {
            if (nat.Outer == scope && nat.OutsideAddress.HasSameAddress(destination))
            {
                return nat;
            }
        }

        return null;
    }

    private (VirtualHost? Host, Instant? Due) NextTimer()
    {
        VirtualHost? first = null;
        Instant? due = null;
        foreach (var host in _hosts)
        {
            if (!host.IsOff && host.Node.NextTimeout is { } timeout && (due is null || timeout < due))
            {
                (first, due) = (host, timeout);
            }
        }

        return (first, due);
    }

    private void Expire(VirtualHost host)
    {
        if (++_timeoutsThisInstant > MaxTimeoutsPerInstant)
        {
            throw new InvalidOperationException($"{host} asks for a timeout at {Now} over and over.");
        }

        host.Node.HandleTimeout(Now);
        Poll(host);
    }

    private void Poll(VirtualHost host)
    {
        if (host.IsOff)
        {
            return;
        }

        for (var count = 0; ; count++)
        {
            host.Node.DrainEvents(Now);
            if (!host.Node.TryPollTransmit(_buffer.AsSpan(0, host.TransmitBufferSize), out var transmit))
            {
                return;
            }

            if (count > MaxTransmitsPerPoll)
            {
                throw new InvalidOperationException($"{host} has sent {count} datagrams at {Now} and still wants more.");
            }

            Send(host, transmit);
        }
    }

    private void Send(VirtualHost host, Transmit transmit)
    {
        if (transmit.Length <= 0 || transmit.Length > host.TransmitBufferSize)
        {
            throw new InvalidOperationException($"{host} claims to have written {transmit.Length} bytes.");
        }

        var path = transmit.Path ?? new NetworkPath(host.Addresses[0], host.DefaultRemote);
        if (path.Protocol == TransportProtocol.Tcp)
        {
            Streams.Send(host, path, _buffer.AsSpan(0, transmit.Length));
            return;
        }

        if (!_bound.TryGetValue(path.Local, out var owner) || owner != host)
        {
            throw new InvalidOperationException($"{host} sends from {path.Local}, which it has not bound.");
        }

        var bytes = _buffer.AsSpan(0, transmit.Length).ToArray();
        var datagram = new VirtualDatagram(_datagrams++, host, (int)host.DatagramsSent++, path, bytes, Now, transmit.Kind);
        var fate = Interceptor?.Invoke(datagram) ?? DatagramFate.Pass;
        for (var copies = fate.IsDropped ? 0 : 1 + fate.ExtraCopies; copies > 0; copies--)
        {
            Route(datagram, fate.ExtraDelay);
        }
    }

    private void Route(VirtualDatagram datagram, TimeSpan extraDelay)
    {
        var (host, source, destination) = (datagram.From, datagram.Path.Local, datagram.Path.Remote);

        if (!host.Firewall.AllowsUdp || !TryTranslate(host, ref source, ref destination, out var to) || !to.Firewall.AllowsUdp)
        {
            Undeliverable++;
            return;
        }

        var link = Link(host, to);
        if (!link.TryCarry(datagram.Bytes.Length, datagram.Kind, Now, out var arrival, out var duplicate))
        {
            return;
        }

        Enqueue(link, to, new NetworkPath(destination, source), datagram.Bytes, arrival + extraDelay);
        if (duplicate is { } again)
        {
            Enqueue(link, to, new NetworkPath(destination, source), datagram.Bytes, again + extraDelay);
        }
    }

    private void Enqueue(VirtualLink link, VirtualHost to, NetworkPath path, Memory<byte> bytes, Instant arrival)
    {
        var copy = bytes.ToArray();
        link.MaybeCorrupt(copy);
        _inFlight.Enqueue(new InFlight(to, path, copy), (arrival.Ticks, _order++));
    }

    private void Deliver(InFlight datagram)
    {
        datagram.Action?.Invoke();
        if (datagram.To is not { IsOff: false } host || (datagram.Path.Protocol == TransportProtocol.Udp && _bound.GetValueOrDefault(datagram.Path.Local) != host))
        {
            return;
        }

        host.DatagramsReceived++;
        host.Node.HandleDatagram(datagram.Bytes, datagram.Path, Now);
        Poll(host);
    }

    private sealed record InFlight(VirtualHost? To, NetworkPath Path, byte[] Bytes, Action? Action = null);
}
