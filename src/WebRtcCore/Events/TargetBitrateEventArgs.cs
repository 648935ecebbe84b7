namespace WebRtcCore;

/// <summary>What an encoder is to make from now on.</summary>
/// <param name="bitrateBps">Bits per second of payload.</param>
public sealed class TargetBitrateEventArgs(long bitrateBps) : EventArgs
{
    /// <summary>Bits per second of payload.</summary>
    public long BitrateBps { get; } = bitrateBps;
}
