namespace WebRtcCore.Rtp;

/// <summary>Something that happened in an <see cref="RtpSession"/>.</summary>
public readonly record struct RtpEvent
{
    /// <summary>What happened; it says which of the other properties have a meaning.</summary>
    public RtpEventKind Kind { get; init; }

    /// <summary>The stream received.</summary>
    public RtpReceiveStream? ReceiveStream { get; init; }

    /// <summary>The stream sent.</summary>
    public RtpSendStream? SendStream { get; init; }

    /// <summary>Bits per second.</summary>
    public long BitrateBps { get; init; }

    /// <summary>Packets of ours that newly count as arrived.</summary>
    public int PacketsReceived { get; init; }

    /// <summary>Packets of ours that newly count as lost, less those that counted so before and have come after all.</summary>
    public int PacketsLost { get; init; }
}
