using WebRtcCore.Primitives;

namespace WebRtcCore.Testing.Congestion;

/// <summary>Flows that share one bottleneck, in virtual time, and the curves that they draw.</summary>
public sealed class CongestionScenario
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private const int StepsPerSample = 10;

    private readonly List<MediaFlow> _flows = [];
    private readonly List<CongestionSample> _samples = [];
    private readonly int _seed;
    private LinkConditions _conditions;
    private int _addresses;

    /// <summary>Creates a scenario without flows.</summary>
    /// <param name="conditions">The bottleneck, the way of the media; the way back has the same delay and nothing else.</param>
    /// <param name="seed">Of everything random.</param>
    public CongestionScenario(LinkConditions conditions, int seed = 1)
    {
        _conditions = conditions;
        _seed = seed;
        Network = new VirtualNetwork(seed);
        Bottleneck = new VirtualLink(conditions, seed);
    }

    /// <summary>The network.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>The bottleneck.</summary>
    public VirtualLink Bottleneck { get; }

    /// <summary>What has been recorded.</summary>
    public IReadOnlyList<CongestionSample> Samples => _samples;

    /// <summary>The bottleneck's conditions; they may change between runs.</summary>
    public LinkConditions Conditions
    {
        get => _conditions;
        set
        {
            _conditions = value;
            Bottleneck.Conditions = value;
        }
    }

    /// <summary>Adds a flow of media.</summary>
    public MediaFlow AddFlow(string name, MediaFlowOptions? options = null)
    {
        var flow = new MediaFlow(name, options ?? new MediaFlowOptions(), _seed + _flows.Count);
        AddHosts(name, flow.SenderNode, flow.ReceiverNode);
        _flows.Add(flow);
        return flow;
    }

    /// <summary>Adds a flow that is no media and is not recorded.</summary>
    public GreedyFlow AddGreedyFlow(TimeSpan startsAt)
    {
        var flow = new GreedyFlow(VirtualClock.Start + startsAt);
        AddHosts("greedy", flow.SenderNode, flow.ReceiverNode);
        return flow;
    }

    /// <summary>Runs and records.</summary>
    public void Run(TimeSpan duration)
    {
        var arrived = new long[_flows.Count];
        for (var end = Network.Now + duration; Network.Now < end;)
        {
            for (var i = 0; i < _flows.Count; i++)
            {
                arrived[i] = _flows[i].BytesArrived;
            }

            var queue = TimeSpan.Zero;
            for (var step = 0; step < StepsPerSample; step++)
            {
                Network.RunFor(Step);
                queue += Bottleneck.GetQueueDelay(Network.Now) / StepsPerSample;
            }

            for (var i = 0; i < _flows.Count; i++)
            {
                var bits = (_flows[i].BytesArrived - arrived[i]) * 8;
                _samples.Add(new CongestionSample(
                    Network.Clock.Elapsed,
                    _flows[i].Name,
                    _conditions.BandwidthBps ?? 0,
                    _flows[i].TargetBps,
                    (long)(bits / (Step * StepsPerSample).TotalSeconds),
                    queue));
            }
        }
    }

    /// <summary>A flow's samples between two times.</summary>
    public IEnumerable<CongestionSample> Between(double fromSeconds, double toSeconds, string? flow = null) => _samples.Where(
        sample => sample.Time.TotalSeconds > fromSeconds && sample.Time.TotalSeconds <= toSeconds && (flow is null || sample.Flow == flow));

    private void AddHosts(string name, IVirtualNode sender, IVirtualNode receiver)
    {
        var from = TransportAddress.From(new System.Net.IPEndPoint(new System.Net.IPAddress([10, 0, 0, (byte)++_addresses]), 1));
        var to = TransportAddress.From(new System.Net.IPEndPoint(new System.Net.IPAddress([10, 0, 1, (byte)_addresses]), 1));
        var sending = Network.AddHost($"{name} sender", sender, from);
        var receiving = Network.AddHost($"{name} receiver", receiver, to);
        sending.DefaultRemote = to;
        receiving.DefaultRemote = from;
        Network.SetLink(sending, receiving, Bottleneck);
        Network.SetLink(receiving, sending, new VirtualLink(new LinkConditions { Delay = _conditions.Delay }, _seed));
    }
}
