namespace WebRtcCore.Rtp.Rtcp;

/// <summary>The kinds of SDES items (RFC 3550, 6.5; RFC 7941; RFC 8843, 15).</summary>
public enum SourceDescriptionItemType
{
    /// <summary>The end of a chunk's items.</summary>
    End = 0,

    /// <summary>The canonical name.</summary>
    Cname = 1,

    /// <summary>The user's name.</summary>
    Name = 2,

    /// <summary>An e-mail address.</summary>
    Email = 3,

    /// <summary>A phone number.</summary>
    Phone = 4,

    /// <summary>A place.</summary>
    Location = 5,

    /// <summary>The application.</summary>
    Tool = 6,

    /// <summary>A note.</summary>
    Note = 7,

    /// <summary>A private extension.</summary>
    Private = 8,

    /// <summary>The simulcast stream's identifier.</summary>
    RtpStreamId = 12,

    /// <summary>The identifier of the stream that is repaired.</summary>
    RepairedRtpStreamId = 13,

    /// <summary>The media section's identification tag.</summary>
    Mid = 15,
}
