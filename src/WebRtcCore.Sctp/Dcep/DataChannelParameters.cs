namespace WebRtcCore.Sctp.Dcep;

/// <summary>What a channel is opened with (RFC 8832, 5.1; W3C <c>RTCDataChannelInit</c>).</summary>
public sealed record DataChannelParameters
{
    /// <summary>The priority of RFC 8831, 6.4, called "normal" there and "low" by the W3C.</summary>
    public const ushort DefaultPriority = 256;

    /// <summary>The name, at most 65,535 bytes of UTF-8.</summary>
    public string Label { get; init; } = "";

    /// <summary>The subprotocol, at most 65,535 bytes of UTF-8.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Whether messages arrive in the order in which they were sent.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>How often a message may be sent again before it is given up; not together with <see cref="MaxPacketLifeTime"/>.</summary>
    public ushort? MaxRetransmits { get; init; }

    /// <summary>How long a message may be tried, 0 to 65,535 ms; not together with <see cref="MaxRetransmits"/>.</summary>
    public TimeSpan? MaxPacketLifeTime { get; init; }

    /// <summary>The share of the association: 128 very low, 256 low, 512 medium, 1024 high in the words of the W3C.</summary>
    public ushort Priority { get; init; } = DefaultPriority;

    /// <summary>Whether both applications open the channel themselves, with the same <see cref="Id"/>.</summary>
    public bool Negotiated { get; init; }

    /// <summary>
    /// The stream id, 0 to 65,534. Required if <see cref="Negotiated"/>; otherwise one of this side's own (RFC 8832, 6), or <see langword="null"/> to let the
    /// session choose.
    /// </summary>
    public ushort? Id { get; init; }
}
