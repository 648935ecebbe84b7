namespace WebRtcCore.Sctp;

/// <summary>How an association finds out how much it may have under way.</summary>
public enum SctpCongestionControl
{
    /// <summary>RFC 9260, 7.2: what every SCTP peer is expected to do.</summary>
    NewReno,

    /// <summary>RFC 9438, with the slow-start exit of RFC 9406: regains long fat paths sooner, and is no worse on short ones.</summary>
    Cubic,
}
