using WebRtcCore.Dtls;
using WebRtcCore.Ice;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Sctp;

namespace WebRtcCore.Session;

/// <summary>What a session is made with.</summary>
internal sealed record RtcSessionOptions
{
    public required DtlsCertificate Certificate { get; init; }

    /// <summary>This side's canonical name in RTCP.</summary>
    public required string Cname { get; init; }

    public IceAgentOptions Ice { get; init; } = new();

    /// <summary>The wall-clock time of the loop's origin.</summary>
    public NtpTimestamp NtpOrigin { get; init; }

    /// <summary>The largest datagram sent before larger ones have been tried, in bytes of UDP payload.</summary>
    public int MaxDatagramSize { get; init; } = 1200;

    public int MaxReceiveMessageSize { get; init; } = 262_144;

    public int DataReceiveBufferSize { get; init; } = 5 * 1024 * 1024;

    public long DataSendBufferLimit { get; init; } = 16 * 1024 * 1024;

    public SctpCongestionControl DataCongestionControl { get; init; } = SctpCongestionControl.Cubic;

    /// <summary>Whether SCTP packets inside DTLS may go without their own checksum (RFC 9653).</summary>
    public bool DataZeroChecksum { get; init; } = true;

    /// <summary>The largest IP packet that data channels try (RFC 8899), in bytes; 0 tries none.</summary>
    public int DataMaxPathMtu { get; init; } = 1500;

    /// <summary>How large the largest datagram can become.</summary>
    public int LargestDatagram => Math.Max(MaxDatagramSize, PathOverhead.GetLargestDatagram(DataMaxPathMtu));

    public CongestionControlOptions CongestionControl { get; init; } = CongestionControlOptions.Default;

    public Action<string>? KeyLog { get; init; }
}
