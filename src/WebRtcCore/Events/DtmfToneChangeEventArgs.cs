namespace WebRtcCore;

/// <summary>W3C <c>RTCDTMFToneChangeEvent</c>: which tone begins.</summary>
/// <param name="tone">The tone; empty when all have been played.</param>
public sealed class DtmfToneChangeEventArgs(string tone) : EventArgs
{
    /// <summary>The tone; empty when all have been played.</summary>
    public string Tone { get; } = tone;
}
