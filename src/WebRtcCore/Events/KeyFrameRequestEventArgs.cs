namespace WebRtcCore;

/// <summary>A receiver wants a key frame.</summary>
/// <param name="rid">The simulcast layer.</param>
public sealed class KeyFrameRequestEventArgs(string? rid) : EventArgs
{
    /// <summary>The simulcast layer that is asked for; <see langword="null"/> where there is one encoding.</summary>
    public string? Rid { get; } = rid;
}
