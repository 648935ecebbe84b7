using WebRtcCore.Primitives;

namespace WebRtcCore.Session;

/// <summary>What went over one path, in datagrams and bytes of UDP payload.</summary>
internal sealed class PathTraffic
{
    public long PacketsSent { get; set; }

    public long BytesSent { get; set; }

    public long PacketsReceived { get; set; }

    public long BytesReceived { get; set; }

    public Instant? LastSent { get; set; }

    public Instant? LastReceived { get; set; }
}
