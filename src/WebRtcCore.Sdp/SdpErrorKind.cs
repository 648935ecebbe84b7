namespace WebRtcCore.Sdp;

/// <summary>Why a description was refused.</summary>
public enum SdpErrorKind
{
    /// <summary>The text is empty.</summary>
    Empty,

    /// <summary>The text is longer than <see cref="SdpLimits.MaxLength"/>.</summary>
    TooLong,

    /// <summary>There are more m-lines than <see cref="SdpLimits.MaxMediaSections"/>.</summary>
    TooManyMediaSections,

    /// <summary>An m-line has more formats than <see cref="SdpLimits.MaxFormats"/>.</summary>
    TooManyFormats,

    /// <summary>A line is not of the form <c>x=...</c> or is of a type that must not stand here.</summary>
    InvalidLine,

    /// <summary>A line holds a character that SDP does not allow: NUL, or CR that does not end the line.</summary>
    InvalidCharacter,

    /// <summary>The description does not begin with <c>v=0</c>.</summary>
    InvalidVersion,

    /// <summary>The <c>o=</c> line is missing or malformed.</summary>
    InvalidOrigin,

    /// <summary>The <c>s=</c> line is missing.</summary>
    MissingSessionName,

    /// <summary>An <c>m=</c> line is malformed.</summary>
    InvalidMediaLine,

    /// <summary>A payload type of an RTP m-line is not a number from 0 to 127.</summary>
    InvalidPayloadType,

    /// <summary>An attribute with a known meaning is malformed, or a number in it is out of range.</summary>
    InvalidAttribute,

    /// <summary>Two m-lines have the same mid.</summary>
    DuplicateMid,
}
