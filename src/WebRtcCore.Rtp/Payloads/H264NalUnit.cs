namespace WebRtcCore.Rtp.Payloads;

/// <summary>The first byte of an H.264 NAL unit and of each RTP payload with such (RFC 6184, 1.3): F, NRI (2 bits), type (5 bits).</summary>
internal static class H264NalUnit
{
    /// <summary>A slice of a picture that needs others.</summary>
    public const int Slice = 1;

    /// <summary>A slice of a picture with which decoding can begin.</summary>
    public const int InstantRefreshSlice = 5;

    /// <summary>A sequence parameter set.</summary>
    public const int SequenceParameterSet = 7;

    /// <summary>An access unit delimiter.</summary>
    public const int AccessUnitDelimiter = 9;

    /// <summary>The highest type that H.264 itself uses; above are the payload structures.</summary>
    public const int LastSingle = 23;

    /// <summary>Several units, each behind its 16-bit length (RFC 6184, 5.7.1).</summary>
    public const int Aggregation = 24;

    /// <summary>A part of one unit (RFC 6184, 5.8).</summary>
    public const int Fragment = 28;

    /// <summary>Bytes before a fragment: indicator and fragment header.</summary>
    public const int FragmentHeaderLength = 2;

    /// <summary>F and NRI.</summary>
    public const byte ImportanceMask = 0xE0;

    /// <summary>The type.</summary>
    public const byte TypeMask = 0x1F;

    /// <summary>The type in a unit's or payload's first byte.</summary>
    public static int GetType(byte header) => header & TypeMask;
}
