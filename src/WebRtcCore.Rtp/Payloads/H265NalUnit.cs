namespace WebRtcCore.Rtp.Payloads;

/// <summary>The two bytes before each H.265 NAL unit and each RTP payload with such (RFC 7798, 1.1.4): F, type (6 bits), layer (6), temporal id + 1 (3).</summary>
internal static class H265NalUnit
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 2;

    /// <summary>The first type of pictures with which decoding can begin.</summary>
    public const int FirstRandomAccess = 16;

    /// <summary>The last such type.</summary>
    public const int LastRandomAccess = 23;

    /// <summary>The highest type of a slice.</summary>
    public const int LastSlice = 31;

    /// <summary>A video parameter set.</summary>
    public const int VideoParameterSet = 32;

    /// <summary>A sequence parameter set.</summary>
    public const int SequenceParameterSet = 33;

    /// <summary>An access unit delimiter.</summary>
    public const int AccessUnitDelimiter = 35;

    /// <summary>Several units, each behind its 16-bit length (RFC 7798, 4.4.2).</summary>
    public const int Aggregation = 48;

    /// <summary>A part of one unit (RFC 7798, 4.4.3).</summary>
    public const int Fragment = 49;

    /// <summary>Bytes before a fragment: payload header and fragment header.</summary>
    public const int FragmentHeaderLength = HeaderLength + 1;

    /// <summary>The type in a unit's or payload's first byte.</summary>
    public static int GetType(byte header) => (header >> 1) & 0x3F;

    /// <summary>The first byte with another type.</summary>
    public static byte WithType(byte header, int type) => (byte)((header & 0x81) | (type << 1));

    /// <summary>Whether decoding can begin with a slice of the type.</summary>
    public static bool IsRandomAccess(int type) => type is >= FirstRandomAccess and <= LastRandomAccess;
}
