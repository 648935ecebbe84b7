namespace WebRtcCore.Dtls;

/// <summary>Counters of one <see cref="DtlsEndpoint"/> since its creation: a snapshot.</summary>
public readonly record struct DtlsStatistics
{
    /// <summary>Records accepted, of any kind.</summary>
    public long RecordsReceived { get; init; }

    /// <summary>Records written, retransmissions included.</summary>
    public long RecordsSent { get; init; }

    /// <summary>How often a flight was sent again.</summary>
    public int FlightRetransmissions { get; init; }

    /// <summary>Records dropped because their structure is wrong, or the datagram holds no DTLS record.</summary>
    public long MalformedRecords { get; init; }

    /// <summary>Records dropped because their authentication tag is wrong.</summary>
    public long UnauthenticRecords { get; init; }

    /// <summary>Records dropped because they were seen before or are older than the replay window.</summary>
    public long ReplayedRecords { get; init; }

    /// <summary>Records dropped because they belong to no current epoch, or are of a type not allowed in theirs (plaintext application data, plaintext alerts).</summary>
    public long UnexpectedRecords { get; init; }

    /// <summary>Handshake fragments or messages dropped because they are malformed, inconsistent or beyond a bound.</summary>
    public long DiscardedHandshakeFragments { get; init; }
}
