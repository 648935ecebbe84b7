using System.Diagnostics.Metrics;

namespace WebRtcCore.Diagnostics;

/// <summary>
/// The meter <c>WebRtcCore</c>: connections, traffic, drops and how long setting up takes. Without a listener each call costs a few nanoseconds;
/// traffic is reported per batch all the same.
/// </summary>
internal static class RtcMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "WebRtcCore";

    private const string Direction = "network.io.direction";
    private static readonly Meter Meter = new(Name, typeof(RtcMeter).Assembly.GetName().Version?.ToString(3));

    private static readonly UpDownCounter<long> ActiveConnections =
        Meter.CreateUpDownCounter<long>("webrtc.connections.active", "{connection}", "Peer connections that are open.");

    private static readonly Counter<long> EndedConnections =
        Meter.CreateCounter<long>("webrtc.connections.ended", "{connection}", "Peer connections that were closed, by whether they had failed.");

    private static readonly Counter<long> Bytes =
        Meter.CreateCounter<long>("webrtc.transport.io", "By", "UDP payload, by direction.");

    private static readonly Counter<long> Packets =
        Meter.CreateCounter<long>("webrtc.transport.packets", "{packet}", "UDP datagrams, by direction.");

    private static readonly Counter<long> Drops =
        Meter.CreateCounter<long>("webrtc.transport.dropped", "{packet}", "Datagrams dropped, by reason.");

    private static readonly Histogram<double> Setup =
        Meter.CreateHistogram<double>("webrtc.setup.duration", "s", "Time from the start of a connection's setup to the end of a phase.");

    private static readonly KeyValuePair<string, object?> Receive = new(Direction, "receive");
    private static readonly KeyValuePair<string, object?> Transmit = new(Direction, "transmit");
    private static readonly KeyValuePair<string, object?>[] DropTags =
        [.. Enum.GetValues<DropReason>().Select(reason => new KeyValuePair<string, object?>("webrtc.reason", reason.ToString()))];

    /// <summary>A connection was made.</summary>
    public static void ConnectionOpened() => ActiveConnections.Add(1);

    /// <summary>A connection was closed.</summary>
    public static void ConnectionClosed(bool hadFailed)
    {
        ActiveConnections.Add(-1);
        EndedConnections.Add(1, new KeyValuePair<string, object?>("webrtc.failed", hadFailed));
    }

    /// <summary>A batch of datagrams came in.</summary>
    public static void Received(long packets, long bytes)
    {
        Packets.Add(packets, Receive);
        Bytes.Add(bytes, Receive);
    }

    /// <summary>A batch of datagrams went out.</summary>
    public static void Sent(long packets, long bytes)
    {
        Packets.Add(packets, Transmit);
        Bytes.Add(bytes, Transmit);
    }

    /// <summary>A datagram was dropped.</summary>
    public static void Dropped(DropReason reason, long count = 1) => Drops.Add(count, DropTags[(int)reason]);

    /// <summary>A phase of a connection's setup (<c>ice</c>, <c>dtls</c>, <c>sctp</c>) is complete.</summary>
    public static void SetupPhase(string phase, TimeSpan sinceStart) => Setup.Record(sinceStart.TotalSeconds, new KeyValuePair<string, object?>("webrtc.phase", phase));
}
