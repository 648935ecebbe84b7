namespace WebRtcCore.Media.Matroska;

/// <summary>The codec of a track.</summary>
public enum MatroskaCodec
{
    /// <summary>VP8 (RFC 6386).</summary>
    Vp8,

    /// <summary>VP9.</summary>
    Vp9,

    /// <summary>AV1, a low-overhead OBU stream.</summary>
    Av1,

    /// <summary>H.264 with Annex B start codes. Such a file is Matroska, not WebM.</summary>
    H264,

    /// <summary>Opus (RFC 6716).</summary>
    Opus,

    /// <summary>G.711 mu-law, 8 kHz. Such a file is Matroska, not WebM.</summary>
    Pcmu,

    /// <summary>G.711 A-law, 8 kHz. Such a file is Matroska, not WebM.</summary>
    Pcma,
}
