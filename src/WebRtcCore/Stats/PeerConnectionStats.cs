namespace WebRtcCore;

/// <summary>W3C <c>RTCPeerConnectionStats</c> (<c>peer-connection</c>): the connection as a whole.</summary>
public sealed record PeerConnectionStats() : RtcStats(StatsType.PeerConnection)
{
    /// <summary>How many data channels have ever become open.</summary>
    public long DataChannelsOpened { get; init; }

    /// <summary>How many data channels have left the open state.</summary>
    public long DataChannelsClosed { get; init; }
}
