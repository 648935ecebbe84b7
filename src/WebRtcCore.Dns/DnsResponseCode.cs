namespace WebRtcCore.Dns;

/// <summary>What a name server says of a query (RFC 1035, 4.1.1). Others exist and mean failure too.</summary>
internal enum DnsResponseCode : byte
{
    /// <summary>The query was answered; the answer may be that there is no such record.</summary>
    NoError = 0,

    /// <summary>The server could not read the query.</summary>
    FormatError = 1,

    /// <summary>The server has a problem.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NameError = 3,

    /// <summary>The server does not know this kind of query.</summary>
    NotImplemented = 4,

    /// <summary>The server does not want to answer.</summary>
    Refused = 5,
}
