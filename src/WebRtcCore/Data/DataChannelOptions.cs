namespace WebRtcCore;

/// <summary>W3C <c>RTCDataChannelInit</c>.</summary>
public sealed record DataChannelOptions
{
    /// <summary>Whether messages arrive in the order in which they were sent.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>How long a message may be tried, 0 to 65,535 ms; not together with <see cref="MaxRetransmits"/>.</summary>
    public TimeSpan? MaxPacketLifeTime { get; init; }

    /// <summary>How often a message may be retransmitted, 0 to 65,535; not together with <see cref="MaxPacketLifeTime"/>.</summary>
    public int? MaxRetransmits { get; init; }

    /// <summary>The subprotocol, at most 65,535 bytes of UTF-8.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Whether the application opens the channel on both sides itself, with the same <see cref="Id"/>.</summary>
    public bool Negotiated { get; init; }

    /// <summary>The channel's id, 0 to 65,534. Required if <see cref="Negotiated"/>, ignored otherwise, as in browsers.</summary>
    public int? Id { get; init; }

    /// <summary>Its share of the association when several channels send.</summary>
    public Priority Priority { get; init; } = Priority.Low;
}
