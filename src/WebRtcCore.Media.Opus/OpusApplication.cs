namespace WebRtcCore.Media.Opus;

/// <summary>What the encoder is to favour (opus_defines.h).</summary>
public enum OpusApplication
{
    /// <summary>Speech: intelligibility above fidelity.</summary>
    Voip = 2048,

    /// <summary>Music and everything else: fidelity.</summary>
    Audio = 2049,

    /// <summary>The least delay; in-band FEC and the speech modes are off.</summary>
    LowDelay = 2051,
}
