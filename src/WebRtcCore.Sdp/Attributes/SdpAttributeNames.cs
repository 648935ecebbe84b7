namespace WebRtcCore.Sdp;

/// <summary>The names of the attributes that WebRTC uses.</summary>
public static class SdpAttributeNames
{
    /// <summary>RFC 8843: may only be used inside the bundle.</summary>
    public const string BundleOnly = "bundle-only";

    /// <summary>RFC 8839 5.1: an ICE candidate. The ICE assembly parses its value.</summary>
    public const string Candidate = "candidate";

    /// <summary>RFC 8840: all candidates have been told.</summary>
    public const string EndOfCandidates = "end-of-candidates";

    /// <summary>RFC 8285: header extensions of both sizes may be mixed.</summary>
    public const string ExtmapAllowMixed = "extmap-allow-mixed";

    /// <summary>RFC 8839 5.3: the sender is a lite ICE agent.</summary>
    public const string IceLite = "ice-lite";

    /// <summary>RFC 8839 5.6: ICE options, separated by spaces.</summary>
    public const string IceOptions = "ice-options";

    /// <summary>RFC 8839 5.4: the ICE password.</summary>
    public const string IcePwd = "ice-pwd";

    /// <summary>RFC 8839 5.4: the ICE user name fragment.</summary>
    public const string IceUfrag = "ice-ufrag";

    /// <summary>RFC 8841: the longest SCTP message that the sender accepts, in bytes; 0 is no limit.</summary>
    public const string MaxMessageSize = "max-message-size";

    /// <summary>RFC 8866: the longest packet in milliseconds.</summary>
    public const string MaxPTime = "maxptime";

    /// <summary>RFC 5888: the m-line's name.</summary>
    public const string Mid = "mid";

    /// <summary>The semantics of msids, kept for older peers.</summary>
    public const string MsidSemantic = "msid-semantic";

    /// <summary>RFC 8866: the preferred packet length in milliseconds.</summary>
    public const string PTime = "ptime";

    /// <summary>RFC 5761: RTP and RTCP share a port.</summary>
    public const string RtcpMux = "rtcp-mux";

    /// <summary>RFC 8858: they always do.</summary>
    public const string RtcpMuxOnly = "rtcp-mux-only";

    /// <summary>RFC 5506: RTCP of reduced size may be sent.</summary>
    public const string RtcpRsize = "rtcp-rsize";

    /// <summary>RFC 8841: the SCTP port.</summary>
    public const string SctpPort = "sctp-port";

    /// <summary>RFC 4145 and 5763: which side begins the DTLS handshake.</summary>
    public const string Setup = "setup";

    /// <summary>RFC 8866: media in both directions.</summary>
    public const string SendRecv = "sendrecv";

    /// <summary>RFC 8866: the sender of the description sends media only.</summary>
    public const string SendOnly = "sendonly";

    /// <summary>RFC 8866: the sender of the description receives media only.</summary>
    public const string RecvOnly = "recvonly";

    /// <summary>RFC 8866: no media.</summary>
    public const string Inactive = "inactive";
}
