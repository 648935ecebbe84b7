namespace WebRtcCore.Sctp.Dcep;

/// <summary>Counters of one channel: W3C <c>RTCDataChannelStats</c>. Bytes are those of the application.</summary>
public readonly record struct DataChannelStatistics
{
    /// <summary>Messages handed over for sending.</summary>
    public long MessagesSent { get; init; }

    /// <summary>Bytes handed over for sending.</summary>
    public long BytesSent { get; init; }

    /// <summary>Messages received.</summary>
    public long MessagesReceived { get; init; }

    /// <summary>Bytes received.</summary>
    public long BytesReceived { get; init; }
}
