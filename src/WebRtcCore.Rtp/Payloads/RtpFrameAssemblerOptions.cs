namespace WebRtcCore.Rtp.Payloads;

/// <summary>What an <see cref="RtpFrameAssembler"/> may hold, and for how long.</summary>
public sealed record RtpFrameAssemblerOptions
{
    /// <summary>The longest stretch of packets that wait for a missing one, and so the most packets of a frame. 2048 unless set.</summary>
    public int MaxPackets { get; init; } = 2048;

    /// <summary>The most bytes of payloads that wait, and so about the largest frame. 4 MiB unless set.</summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How far audio may go on, measured by its timestamps, before a missing packet is given up. 100 ms unless set.
    /// </summary>
    public TimeSpan MaxAudioWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How far video may go on before a missing packet, which may still be retransmitted, is given up. 500 ms unless set.</summary>
    public TimeSpan MaxVideoWait { get; init; } = TimeSpan.FromMilliseconds(500);
}
