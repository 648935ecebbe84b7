using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;

namespace WebRtcCore.Rtp.Send;

/// <summary>
/// Spaces the packets of probe clusters, one cluster after the other. A packet is due once those before it have taken their time at the
/// cluster's rate; if the timer comes late, several are due at once, so that the rate is right on the whole.
/// </summary>
internal sealed class ProbeSender
{
    private const int MaxClusters = 8;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    // Later than this, a cluster no longer has its rate.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(ProbeCluster Cluster, Instant Added)> _clusters = new();
    private Instant? _started;
    private int _bytes;
    private int _packets;

    /// <summary>The cluster that is sent, or 0.</summary>
    public int CurrentId => _clusters.TryPeek(out var first) ? first.Cluster.Id : 0;

    /// <summary>Whether a cluster waits or is being sent.</summary>
    public bool IsActive => _clusters.Count > 0;

    /// <summary>When the cluster's next packet is due; <see langword="null"/> if it is due as soon as there is one, or there is no cluster.</summary>
    public Instant? Due => _started is { } started && _clusters.TryPeek(out var first)
        ? started + TimeSpan.FromTicks(_bytes * 8L * TimeSpan.TicksPerSecond / first.Cluster.BitrateBps)
        : null;

    /// <summary>Takes in a cluster; one too many is dropped.</summary>
    public void Add(in ProbeCluster cluster, Instant now)
    {
        if (_clusters.Count < MaxClusters)
        {
            _clusters.Enqueue((cluster, now));
        }
    }

    /// <summary>Whether a packet of the cluster is due.</summary>
    public bool IsDue(Instant now)
    {
        while (_clusters.TryPeek(out var first))
        {
            var isStale = _started is null ? now - first.Added > MaxWait : Due is { } due && now - due > MaxDelay;
            if (!isStale)
            {
                return Due is not { } at || at <= now;
            }

            Next();
        }

        return false;
    }

    /// <summary>A packet of the cluster leaves.</summary>
    public void OnSent(int length, Instant now)
    {
        _started ??= now;
        _bytes += length;
        _packets++;
        if (_clusters.TryPeek(out var first) && _bytes >= first.Cluster.MinBytes && _packets >= first.Cluster.MinPackets)
        {
            Next();
        }
    }

    private void Next()
    {
        _clusters.Dequeue();
        _started = null;
        _bytes = 0;
        _packets = 0;
    }
}
