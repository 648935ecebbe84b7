namespace WebRtcCore.Sctp.Dcep;

/// <summary>What a <see cref="DataChannelSession"/> knows about one channel.</summary>
internal sealed class Channel
{
    /// <summary>Creates a channel without stream id.</summary>
    public Channel(DataChannelId handle, DataChannelParameters parameters)
    {
        Handle = handle;
        Parameters = parameters;
    }

    public DataChannelId Handle { get; }

    public DataChannelParameters Parameters { get; }

    public ushort? StreamId { get; set; }

    public DataChannelState State { get; set; }

    /// <summary>
    /// Whether messages must be ordered for now: until the ACK is here an unordered message could overtake the OPEN (RFC 8832, 6).
    /// </summary>
    public bool IsAwaitingAck { get; set; }

    /// <summary>Whether OPEN has been queued.</summary>
    public bool IsOpenSent { get; set; }

    /// <summary>Whether the peer has reset its direction.</summary>
    public bool IsIncomingReset { get; set; }

    /// <summary>Whether the reset of the own direction is confirmed.</summary>
    public bool IsOutgoingReset { get; set; }

    /// <summary>Why it is being closed.</summary>
    public SctpError? Error { get; set; }

    /// <summary>Set before the stream is known.</summary>
    public long LowThreshold { get; set; }

    public long MessagesSent { get; set; }

    public long BytesSent { get; set; }

    public long MessagesReceived { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>How a message of this channel is to be sent.</summary>
    public SctpSendParameters Describe(DataChannelMessageKind kind, bool isEmpty) => new(
        PayloadProtocol.Of(kind, isEmpty),
        IsUnordered: !Parameters.Ordered && !IsAwaitingAck,
        MaxRetransmissions: Parameters.MaxRetransmits,
        Lifetime: Parameters.MaxPacketLifeTime);
}
