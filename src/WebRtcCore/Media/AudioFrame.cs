using WebRtcCore.Media;

namespace WebRtcCore;

/// <summary>10 ms of decoded sound.</summary>
/// <param name="Samples">16-bit samples, those of all channels of one moment side by side; <em>given</em>.</param>
/// <param name="Format">Rate and channels.</param>
public sealed record AudioFrame(ReadOnlyMemory<short> Samples, AudioFormat Format)
{
    /// <summary>Whether nothing was received for it: the peer has not begun, or is silent and does not send its silence.</summary>
    public bool IsSilence { get; init; }

    /// <summary>Whether it was made up, at least in part, because packets are missing.</summary>
    public bool IsConcealed { get; init; }
}
