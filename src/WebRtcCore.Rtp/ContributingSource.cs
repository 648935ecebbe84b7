namespace WebRtcCore.Rtp;

/// <summary>One of those whose sound is mixed into a packet (RFC 3550, 5.1).</summary>
/// <param name="Ssrc">Its SSRC, where it comes from.</param>
/// <param name="Level">
/// How far it is below the loudest possible signal: 0 (loudest) to 127 (silence), in -dBov (RFC 6465, 3); <see langword="null"/> where it is not known.
/// </param>
public readonly record struct ContributingSource(Ssrc Ssrc, byte? Level = null);
