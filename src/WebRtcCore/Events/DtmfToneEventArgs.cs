namespace WebRtcCore;

/// <summary>The peer has pressed a key.</summary>
/// <param name="tone">The key: <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, <c>A</c> to <c>D</c>.</param>
/// <param name="duration">How long, as far as its packets tell.</param>
public sealed class DtmfToneEventArgs(char tone, TimeSpan duration) : EventArgs
{
    /// <summary>The key: <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, <c>A</c> to <c>D</c>.</summary>
    public char Tone { get; } = tone;

    /// <summary>How long, as far as its packets tell.</summary>
    public TimeSpan Duration { get; } = duration;
}
