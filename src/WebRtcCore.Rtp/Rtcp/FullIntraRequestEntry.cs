namespace WebRtcCore.Rtp.Rtcp;

/// <summary>One request of a FIR packet.</summary>
/// <param name="Ssrc">The stream that is asked for a key frame.</param>
/// <param name="CommandNumber">Counts requests: the same number again is the same request repeated.</param>
public readonly record struct FullIntraRequestEntry(Ssrc Ssrc, byte CommandNumber);
