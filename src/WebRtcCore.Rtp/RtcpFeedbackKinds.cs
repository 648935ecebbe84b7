namespace WebRtcCore.Rtp;

/// <summary>The kinds of RTCP feedback agreed for a payload type (<c>a=rtcp-fb</c>).</summary>
[Flags]
public enum RtcpFeedbackKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>nack</c>: lost packets are reported (RFC 4585, 6.2.1).</summary>
    Nack = 1,

    /// <summary><c>nack pli</c>: a picture is lost (RFC 4585, 6.3.1).</summary>
    NackPli = 2,

    /// <summary><c>ccm fir</c>: a full intra frame is requested (RFC 5104, 4.3.1).</summary>
    CcmFir = 4,

    /// <summary><c>transport-cc</c>: arrival times of all packets of the transport.</summary>
    TransportCc = 8,

    /// <summary><c>goog-remb</c>: the receiver's estimate of the bit rate.</summary>
    GoogRemb = 16,

    /// <summary><c>rrtr</c>: reference times of the receiver, so that it can measure the round trip without sending (RFC 3611, 4.4).</summary>
    Rrtr = 32,

    /// <summary><c>ack ccfb</c>: arrival times of all packets of each stream (RFC 8888).</summary>
    AckCcfb = 64,
}
