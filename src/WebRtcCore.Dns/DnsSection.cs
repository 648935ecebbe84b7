namespace WebRtcCore.Dns;

/// <summary>The sections of a DNS message that hold records, in their order (RFC 1035, 4.1).</summary>
internal enum DnsSection
{
    /// <summary>What was asked for.</summary>
    Answer,

    /// <summary>Who knows more.</summary>
    Authority,

    /// <summary>What may be of use as well.</summary>
    Additional,
}
