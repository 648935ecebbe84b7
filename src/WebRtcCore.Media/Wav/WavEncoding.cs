namespace WebRtcCore.Media.Wav;

/// <summary>How the samples of a WAV file are coded; the values are the format tags of RFC 2361.</summary>
public enum WavEncoding
{
    /// <summary>16-bit signed integers, little-endian.</summary>
    Pcm16 = 1,

    /// <summary>32-bit IEEE 754, little-endian, -1 to 1.</summary>
    IeeeFloat = 3,

    /// <summary>G.711 A-law.</summary>
    ALaw = 6,

    /// <summary>G.711 mu-law.</summary>
    MuLaw = 7,
}
