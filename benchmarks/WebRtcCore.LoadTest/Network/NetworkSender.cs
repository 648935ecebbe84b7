using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Send;

namespace WebRtcCore.LoadTest.Network;

/// <summary>A way to send that is measured on the virtual network.</summary>
/// <param name="Name">Its name in the results.</param>
/// <param name="Options">What makes it.</param>
internal sealed record NetworkSender(string Name, SctpOptions Options)
{
    /// <summary>The default.</summary>
    public static NetworkSender Cubic { get; } = new("cubic", new SctpOptions { CongestionControl = SctpCongestionControl.Cubic });

    /// <summary>The other one.</summary>
    public static NetworkSender NewReno { get; } = new("newreno", new SctpOptions { CongestionControl = SctpCongestionControl.NewReno });

    /// <summary>
    /// RFC 9260 with nothing else, as its sections 7.2 and 16 have it: losses by three reports, once per fragment, then the timer of at least a second; an initial
    /// window of 4,404 bytes; one packet of growth per SACK; bursts of four packets; SACKs delayed by 200 ms.
    /// </summary>
    public static NetworkSender Plain { get; } = new("rfc9260", new SctpOptions
    {
        CongestionControl = SctpCongestionControl.NewReno,
        LossDetection = LossDetection.ThreeReports,
        InitialCongestionWindowPackets = 4,
        InitialRetransmissionTimeout = TimeSpan.FromSeconds(1),
        MinRetransmissionTimeout = TimeSpan.FromSeconds(1),
        MaxRetransmissionTimeout = TimeSpan.FromSeconds(60),
        SackDelay = TimeSpan.FromMilliseconds(200),
    });

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<NetworkSender> All { get; } = [Cubic, NewReno, Plain];
}
