namespace WebRtcCore.Dns;

/// <summary>The types of DNS records that mean something here (RFC 1035, 3.2.2).</summary>
internal enum DnsRecordType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>The canonical name behind an alias.</summary>
    Cname = 5,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    Aaaa = 28,

    /// <summary>The host and port of a service (RFC 2782).</summary>
    Srv = 33,

    /// <summary>Which types a name has, and thus which it has not (RFC 4034, 4; RFC 6762, 6.1).</summary>
    Nsec = 47,

    /// <summary>In a question: all types.</summary>
    Any = 255,
}
