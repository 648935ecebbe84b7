namespace WebRtcCore.Media.AccessUnits;

/// <summary>Whose NAL units a byte stream has.</summary>
public enum AccessUnitFormat
{
    /// <summary>ITU-T H.264.</summary>
    H264,

    /// <summary>ITU-T H.265.</summary>
    H265,
}
