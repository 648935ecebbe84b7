namespace WebRtcCore.Srtp;

/// <summary>The bounds of an <see cref="SrtpContext"/>.</summary>
public sealed record SrtpContextOptions
{
    /// <summary>
    /// How many streams (SSRCs) the context keeps a rollover counter and replay windows for. Packets of further streams are refused.
    /// 1 to 65,536; 1,024 unless set.
    /// </summary>
    public int MaxStreams { get; init; } = 1024;
}
