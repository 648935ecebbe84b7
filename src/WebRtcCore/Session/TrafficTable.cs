using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>Counts traffic in total and by path. Only paths that ICE has validated or selected are counted apart, so ICE's own cap bounds the table.</summary>
internal sealed class TrafficTable
{
    private const int MaxPaths = 256;
    private readonly Dictionary<NetworkPath, PathTraffic> _paths = [];
    private NetworkPath _lastPath;
    private PathTraffic? _last;

    public PathTraffic Total { get; } = new();

    public void OnReceived(int bytes, in NetworkPath path, Instant now)
    {
        AddReceived(Total, bytes, now);
        if (Find(path) is { } traffic)
        {
            AddReceived(traffic, bytes, now);
        }
    }

    public void OnSent(int bytes, in NetworkPath path, Instant now)
    {
        AddSent(Total, bytes, now);
        if (Find(path) is { } traffic)
        {
            AddSent(traffic, bytes, now);
        }
    }

    /// <summary>The figures of a path; <see langword="null"/> if nothing went over it.</summary>
    public PathTraffic? Get(in NetworkPath path) => _paths.GetValueOrDefault(path);

    private static void AddReceived(PathTraffic traffic, int bytes, Instant now)
    {
        traffic.PacketsReceived++;
        traffic.BytesReceived += bytes;
        traffic.LastReceived = now;
    }

    private static void AddSent(PathTraffic traffic, int bytes, Instant now)
    {
        traffic.PacketsSent++;
        traffic.BytesSent += bytes;
        traffic.LastSent = now;
    }

    // Nearly every datagram goes the way of the one before it.
    private PathTraffic? Find(in NetworkPath path)
    {
        if (_last is not null && path == _lastPath)
        {
            return _last;
        }

        if (!_paths.TryGetValue(path, out var traffic))
        {
            if (_paths.Count >= MaxPaths)
            {
                return null;
            }

            traffic = new PathTraffic();
            _paths.Add(path, traffic);
        }

        _lastPath = path;
        _last = traffic;
        return traffic;
    }
}
