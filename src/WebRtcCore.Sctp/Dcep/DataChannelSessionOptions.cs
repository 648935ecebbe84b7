namespace WebRtcCore.Sctp.Dcep;

/// <summary>Settings of a <see cref="DataChannelSession"/>.</summary>
public sealed record DataChannelSessionOptions
{
    /// <summary>
    /// Settings of the association. <see cref="SctpOptions.MaxReceiveMessageSize"/> is the <c>a=max-message-size</c> of the local description.
    /// </summary>
    public SctpOptions Sctp { get; init; } = new();

    /// <summary>
    /// The peer's <c>a=max-message-size</c>: 65,536 if its description has none (RFC 8841, 6.1), 0 if it takes any size.
    /// May be changed later with <see cref="DataChannelSession.SetRemoteMaxMessageSize"/>.
    /// </summary>
    public long RemoteMaxMessageSize { get; init; } = 65_536;

    /// <summary>Bytes that one channel may hold in its send buffer; a message that would exceed it is refused. Browsers have 16 MiB.</summary>
    public long SendBufferLimit { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many channels may be open at once, those of the peer included; more are refused.</summary>
    public int MaxChannels { get; init; } = 65_534;

    /// <summary>How many bytes of messages may wait for the OPEN that they have overtaken (unordered channels); beyond that, or beyond 256 messages, they are
    /// dropped.</summary>
    public int MaxEarlyMessageBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// Whether received bytes count against the receive window until <see cref="DataChannelSession.ReleaseReceiveCredit"/> is called.
    /// If not, they count until the event has been polled.
    /// </summary>
    public bool ManualReceiveCredit { get; init; }
}
