namespace WebRtcCore;

/// <summary>What an encoder is to make of each encoding from now on.</summary>
/// <param name="targets">One for each encoding, in their order.</param>
public sealed class EncodingTargetsEventArgs(IReadOnlyList<EncodingTarget> targets) : EventArgs
{
    /// <summary>One for each encoding, in the order of <see cref="RtpSendParameters.Encodings"/>.</summary>
    public IReadOnlyList<EncodingTarget> Targets { get; } = targets;
}
