namespace WebRtcCore.Rtp;

/// <summary>What is received in one media section: the ways to recognise its packets (RFC 8843, 9.2) and what feedback they get.</summary>
public sealed record RtpReceiverOptions
{
    /// <summary>The owner's number for this receiver; the session only hands it back.</summary>
    public int Handle { get; init; }

    /// <summary>The media section's identification tag (<c>a=mid</c>). Receivers are told apart by it.</summary>
    public required string Mid { get; init; }

    /// <summary>The payload types that may come in.</summary>
    public required IReadOnlyList<RtpPayloadFormat> PayloadTypes { get; init; }

    /// <summary>The streams that the peer has announced; may be empty.</summary>
    public IReadOnlyList<RtpSsrcPair> Ssrcs { get; init; } = [];

    /// <summary>The simulcast identifiers that the peer may send (<c>a=rid</c>); empty without simulcast.</summary>
    public IReadOnlyList<string> Rids { get; init; } = [];

    /// <summary>Whether feedback may go out without a report in front of it (<c>a=rtcp-rsize</c>, RFC 5506).</summary>
    public bool ReducedSize { get; init; }
}
