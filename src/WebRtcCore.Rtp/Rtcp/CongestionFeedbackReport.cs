namespace WebRtcCore.Rtp.Rtcp;

/// <summary>What a receiver says of one packet (RFC 8888, 3.1).</summary>
/// <param name="Value">The 16 bits as on the wire: received, ECN (2 bits), arrival time offset (13 bits).</param>
public readonly record struct CongestionFeedbackReport(ushort Value)
{
    /// <summary>Ticks of an offset per second.</summary>
    public const int OffsetTicksPerSecond = 1024;

    /// <summary>The greatest offset that says when a packet arrived; beyond it, <see cref="OffsetTooLarge"/>.</summary>
    public const int MaxOffset = 0x1FFD;

    /// <summary>The packet arrived longer ago than can be said.</summary>
    public const int OffsetTooLarge = 0x1FFE;

    /// <summary>It is not known when the packet arrived.</summary>
    public const int OffsetUnknown = 0x1FFF;

    /// <summary>A packet that has not arrived.</summary>
    public static CongestionFeedbackReport NotReceived => default;

    /// <summary>Whether the packet arrived.</summary>
    public bool IsReceived => (Value & 0x8000) != 0;

    /// <summary>The ECN bits of the packet's IP header.</summary>
    public int Ecn => (Value >> 13) & 0x03;

    /// <summary>How long before the report it arrived, in 1/1024 s; see <see cref="MaxOffset"/>.</summary>
    public int OffsetTicks => Value & 0x1FFF;

    /// <summary>A packet that arrived so long before the report.</summary>
    public static CongestionFeedbackReport Received(TimeSpan before)
    {
        var ticks = before.Ticks * OffsetTicksPerSecond / TimeSpan.TicksPerSecond;
        return new CongestionFeedbackReport((ushort)(0x8000 | (ticks > MaxOffset ? OffsetTooLarge : Math.Max(0, ticks))));
    }
}
