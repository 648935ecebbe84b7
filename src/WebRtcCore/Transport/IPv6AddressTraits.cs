namespace WebRtcCore.Transport;

/// <summary>What the system says of an IPv6 address (RFC 4862, 8981).</summary>
[Flags]
internal enum IPv6AddressTraits
{
    /// <summary>Nothing of note.</summary>
    None = 0,

    /// <summary>It changes from time to time, so that nobody can follow the machine by it (RFC 8981).</summary>
    Temporary = 1,

    /// <summary>It is to be used for nothing new (RFC 4862, 5.5.4).</summary>
    Deprecated = 2,

    /// <summary>It is not known to be unique, or known not to be (RFC 4862, 5.4): it cannot be used.</summary>
    Unusable = 4,
}
