namespace WebRtcCore.Dns;

/// <summary>What a message from a name server means.</summary>
internal enum DnsQueryResult
{
    /// <summary>It is no answer to the query; the answer may still come.</summary>
    NotMine,

    /// <summary>The answer is too long for a datagram: ask again over a stream.</summary>
    Truncated,

    /// <summary>The server cannot or will not answer; another may.</summary>
    Failed,

    /// <summary>There are no such records.</summary>
    NotFound,

    /// <summary>There are.</summary>
    Found,
}
