namespace WebRtcCore;

/// <summary>W3C <c>RTCDataChannelStats</c> (<c>data-channel</c>).</summary>
public sealed record DataChannelStats() : RtcStats(StatsType.DataChannel)
{
    /// <summary>The channel's label.</summary>
    public string Label { get; init; } = "";

    /// <summary>The channel's subprotocol, or empty.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The stream id, or <see langword="null"/> until it is known.</summary>
    public int? DataChannelIdentifier { get; init; }

    /// <summary>The channel's state.</summary>
    public DataChannelState? State { get; init; }

    /// <summary>Messages sent.</summary>
    public long MessagesSent { get; init; }

    /// <summary>Payload bytes of the messages sent.</summary>
    public long BytesSent { get; init; }

    /// <summary>Messages received.</summary>
    public long MessagesReceived { get; init; }

    /// <summary>Payload bytes of the messages received.</summary>
    public long BytesReceived { get; init; }
}
