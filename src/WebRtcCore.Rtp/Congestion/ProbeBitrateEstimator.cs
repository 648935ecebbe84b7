using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// What the path carried while a probe cluster was sent: the slower of how fast its packets left and how fast they arrived. What arrives
/// slower than it left has filled a queue, and shows the path's rate.
/// </summary>
internal sealed class ProbeBitrateEstimator
{
    private const int MaxClusters = 8;
    private const double MinReceivedShare = 0.8;
    private const double MaxReceiveToSendRatio = 2;
    private const double MinReceiveToSendRatio = 0.9;
    private const double Utilization = 0.95;
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(1);

    private readonly Cluster[] _clusters = new Cluster[MaxClusters];

    /// <summary>Expects the packets of a cluster; the oldest one known is forgotten.</summary>
    public void Expect(in ProbeCluster cluster) => _clusters[cluster.Id % MaxClusters] = new Cluster { Expected = cluster };

    /// <summary>Takes in a packet of a cluster that arrived.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="result">What the cluster shows by now, if it shows something.</param>
    public bool TryAdd(in PacketFeedback packet, out ProbeResult result)
    {
        result = default;
        ref var cluster = ref _clusters[packet.ProbeCluster % MaxClusters];
        if (packet.Arrived is not { } arrived || cluster.Expected.Id != packet.ProbeCluster)
        {
            return false;
        }

        cluster.Add(packet.Sent, arrived, packet.Length);
        if (cluster.Packets < cluster.Expected.MinPackets * MinReceivedShare || cluster.Bytes < cluster.Expected.MinBytes * MinReceivedShare)
        {
            return false;
        }

        var sendInterval = cluster.LastSent - cluster.FirstSent;
        var receiveInterval = cluster.LastArrived - cluster.FirstArrived;
        if (sendInterval <= TimeSpan.Zero || sendInterval > MaxInterval || receiveInterval <= TimeSpan.Zero || receiveInterval > MaxInterval)
        {
            return false;
        }

        // The last packet sent, and the first that arrived, lie outside of the intervals between the packets.
        var sendBps = (cluster.Bytes - cluster.LastSentLength) * 8 / sendInterval.TotalSeconds;
        var receiveBps = (cluster.Bytes - cluster.FirstArrivedLength) * 8 / receiveInterval.TotalSeconds;
        if (receiveBps / sendBps > MaxReceiveToSendRatio)
        {
            return false;
        }

        var isSaturated = receiveBps < sendBps * MinReceiveToSendRatio;
        result = new ProbeResult(packet.ProbeCluster, (long)(isSaturated ? receiveBps * Utilization : Math.Min(sendBps, receiveBps)), isSaturated);
        return true;
    }

    private struct Cluster
    {
        public ProbeCluster Expected;
        public int Packets;
        public int Bytes;
        public Instant FirstSent;
        public Instant LastSent;
        public int LastSentLength;
        public Instant FirstArrived;
        public int FirstArrivedLength;
        public Instant LastArrived;

        public void Add(Instant sent, Instant arrived, int length)
        {
            if (Packets == 0 || sent < FirstSent)
            {
                FirstSent = sent;
            }

            if (Packets == 0 || sent >= LastSent)
            {
                LastSent = sent;
                LastSentLength = length;
            }

            if (Packets == 0 || arrived < FirstArrived)
            {
                FirstArrived = arrived;
                FirstArrivedLength = length;
            }

            if (Packets == 0 || arrived > LastArrived)
            {
                LastArrived = arrived;
            }

            Packets++;
            Bytes += length;
        }
    }
}
