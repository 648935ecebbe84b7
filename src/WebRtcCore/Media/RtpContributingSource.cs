namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpContributingSource</c>: somebody whose media came in of late, mixed into a stream by somebody else.</summary>
public record RtpContributingSource
{
    /// <summary>When the last packet with media of this source came in.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The CSRC or SSRC.</summary>
    public uint Source { get; init; }

    /// <summary>How loud that packet is, 0 (silence) to 1 (0 dBov), as its sender says (RFC 6464, 6465); <see langword="null"/> where it says nothing, as for video.</summary>
    public double? AudioLevel { get; init; }

    /// <summary>The RTP timestamp of that packet.</summary>
    public uint RtpTimestamp { get; init; }
}
