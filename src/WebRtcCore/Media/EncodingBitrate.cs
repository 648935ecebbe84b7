namespace WebRtcCore;

/// <summary>What congestion control wants of one encoding.</summary>
/// <param name="Rid">The simulcast layer; <see langword="null"/> where there is one encoding.</param>
/// <param name="BitrateBps">Bits per second of payload.</param>
internal readonly record struct EncodingBitrate(string? Rid, long BitrateBps);
