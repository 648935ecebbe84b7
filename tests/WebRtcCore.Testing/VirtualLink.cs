using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>
/// One direction of a link with its state (queue, burst, order). Set the same instance for several directions and they share its bottleneck.
/// </summary>
public sealed class VirtualLink
{
    private const int HeaderBytes = 28;
    private readonly SeededRandomSource _random;
    private Instant _busyUntil;
    private Instant _lastArrival;
    private bool _isInBurst;

    /// <summary>Creates a link with its own random sequence.</summary>
    public VirtualLink(LinkConditions conditions, int seed)
        : this(conditions, new SeededRandomSource(seed))
    {
    }

    internal VirtualLink(LinkConditions conditions, SeededRandomSource random)
    {
        Conditions = conditions;
        _random = random;
    }

    /// <summary>How datagrams are treated from now on.</summary>
    public LinkConditions Conditions { get; set; }

    /// <summary>Datagrams offered.</summary>
    public long Offered { get; private set; }

    /// <summary>Datagrams lost, for whatever reason.</summary>
    public long Lost { get; private set; }

    /// <summary>Datagrams lost because the bottleneck's queue was full.</summary>
    public long LostInQueue { get; private set; }

    /// <summary>Datagrams that were cut into fragments: they were larger than the link and allowed it.</summary>
    public long Fragmented { get; private set; }

    /// <summary>How long a datagram that comes now would wait at the bottleneck.</summary>
    public TimeSpan GetQueueDelay(Instant now) => _busyUntil - now;

    /// <summary>Decides the fate of a datagram of <paramref name="length"/> bytes.</summary>
    /// <param name="length">UDP payload bytes.</param>
    /// <param name="kind">Whether it may be cut into fragments.</param>
    /// <param name="now">When it is sent.</param>
    /// <param name="arrival">When it arrives.</param>
    /// <param name="duplicate">When it arrives again, if it does.</param>
    /// <returns>Whether it arrives.</returns>
    internal bool TryCarry(int length, TransmitKind kind, Instant now, out Instant arrival, out Instant? duplicate)
    {
        var c = Conditions;
        arrival = default;
        duplicate = null;
        Offered++;
        var isTooLarge = length > c.Mtu && kind != TransmitKind.MayFragment;
        Fragmented += length > c.Mtu && !isTooLarge ? 1 : 0;
        if (c.IsDown || isTooLarge || IsLost(c) || !TryQueue(c, length, now, out var sent))
        {
            Lost++;
            return false;
        }

        arrival = sent + c.Delay + RandomPart(c.Jitter);
        if (_random.Chance(c.ReorderRate))
        {
            arrival += c.ReorderDelay;
        }
        else
        {
            arrival = _lastArrival = Instant.Max(arrival, _lastArrival);
        }

        if (_random.Chance(c.DuplicationRate))
        {
            duplicate = arrival + RandomPart(TimeSpan.FromMilliseconds(1));
        }

        return true;
    }

    /// <summary>Flips one bit where the conditions want it.</summary>
    internal void MaybeCorrupt(Span<byte> datagram)
    {
        if (datagram.Length > 0 && _random.Chance(Conditions.CorruptionRate))
        {
            datagram[_random.Next(datagram.Length)] ^= (byte)(1 << _random.Next(8));
        }
    }

    private bool IsLost(LinkConditions c)
    {
        if (!_isInBurst)
        {
            _isInBurst = _random.Chance(c.BurstStartRate);
        }

        if (_isInBurst)
        {
            _isInBurst = !_random.Chance(c.BurstEndRate);
            return true;
        }

        return _random.Chance(c.LossRate);
    }

    private bool TryQueue(LinkConditions c, int length, Instant now, out Instant sent)
    {
        sent = now;
        if (c.BandwidthBps is not { } bandwidth)
        {
            return true;
        }

        var backlog = _busyUntil - now;
        if (backlog.TotalSeconds * bandwidth / 8 > c.QueueBytes)
        {
            LostInQueue++;
            return false;
        }

        var transmission = TimeSpan.FromTicks((length + HeaderBytes) * 8 * TimeSpan.TicksPerSecond / bandwidth);
        sent = _busyUntil = Instant.Max(now, _busyUntil) + transmission;
        return true;
    }

    private TimeSpan RandomPart(TimeSpan most) => most <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromTicks((long)(_random.NextDouble() * most.Ticks));
}
