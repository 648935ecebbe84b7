namespace WebRtcCore;

/// <summary>What the application's encoder is to make of one encoding of a sender, from now on.</summary>
/// <param name="Rid">The simulcast layer; <see langword="null"/> where there is one encoding.</param>
public sealed record EncodingTarget(string? Rid)
{
    /// <summary>Whether to encode it: it is active (<see cref="RtpEncodingParameters.Active"/>), and there is bandwidth for it.</summary>
    public bool IsActive { get; init; }

    /// <summary>Bits per second of payload: 0 while it is off, <see langword="null"/> where the peer gives no feedback.</summary>
    public long? BitrateBps { get; init; }

    /// <summary>By what factor its pictures are smaller than the track's, 1 or more.</summary>
    public double ScaleResolutionDownBy { get; init; } = 1;

    /// <summary>The most frames per second, or <see langword="null"/> for no limit.</summary>
    public double? MaxFramerate { get; init; }
}
