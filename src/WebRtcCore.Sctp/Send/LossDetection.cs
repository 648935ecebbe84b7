namespace WebRtcCore.Sctp.Send;

/// <summary>How it is found out that a fragment is lost, before the retransmission timer says so.</summary>
internal enum LossDetection
{
    /// <summary>By time: something sent later has arrived, and the path's reordering is accounted for (RFC 8985).</summary>
    Time,

    /// <summary>By three reports, once per fragment (RFC 9260, 7.2.4): what the other is measured against.</summary>
    ThreeReports,
}
