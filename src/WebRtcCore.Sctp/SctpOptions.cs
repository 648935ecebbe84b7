using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp;

/// <summary>Settings of an association. The defaults fit WebRTC: both browsers use the same ports and stream counts.</summary>
public sealed record SctpOptions
{
    /// <summary>The smallest <see cref="MaxPacketSize"/>.</summary>
    public const int MinPacketSize = 512;

    /// <summary>The largest <see cref="MaxPacketSize"/>.</summary>
    public const int LargestPacketSize = 65_000;

    private const int LeastReceiveBuffer = 64 * 1024;
    private static readonly TimeSpan LargestSackDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The local port, <c>a=sctp-port</c> of the local description.</summary>
    public ushort LocalPort { get; init; } = 5000;

    /// <summary>The peer's port, <c>a=sctp-port</c> of its description.</summary>
    public ushort RemotePort { get; init; } = 5000;

    /// <summary>
    /// The largest packet sent, in bytes with the common header; <see cref="MinPacketSize"/> to <see cref="LargestPacketSize"/>, rounded down to a multiple
    /// of 4. The default leaves room for a DTLS 1.2 record (37 bytes) in 1,200 bytes of UDP payload.
    /// </summary>
    public int MaxPacketSize { get; init; } = 1160;

    /// <summary>
    /// Whether larger packets are tried (RFC 8899): <see cref="MaxPacketSize"/> is then where it begins. The owner says what the path adds with
    /// <see cref="SctpAssociation.SetPath"/>, sends datagrams as their <see cref="Primitives.Transmit.Kind"/> asks, and offers room for the largest. Off by default.
    /// </summary>
    public bool PathMtuDiscovery { get; init; }

    /// <summary>Outgoing streams asked for, 1 to 65,535.</summary>
    public ushort OutgoingStreams { get; init; } = 65_535;

    /// <summary>Incoming streams allowed, 1 to 65,535.</summary>
    public ushort IncomingStreams { get; init; } = 65_535;

    /// <summary>
    /// Bytes that may wait here for the application or for missing fragments: the largest a_rwnd announced. At least 64 KiB. So
    /// that a message can end, one of <see cref="MaxReceiveMessageSize"/> is taken beyond it, with interleaving as much again as the buffer.
    /// </summary>
    public int ReceiveBufferSize { get; init; } = 5 * 1024 * 1024;

    /// <summary>The largest message accepted; a larger one ends in <see cref="SctpEventKind.MessageDropped"/>.</summary>
    public int MaxReceiveMessageSize { get; init; } = 262_144;

    /// <summary>
    /// Whether messages are interleaved with a peer that can (I-DATA, RFC 8260): a large message then does not hold up those of other streams.
    /// Firefox can; Chromium does not offer it.
    /// </summary>
    public bool MessageInterleaving { get; init; } = true;

    /// <summary>Which stream is served next.</summary>
    public SctpStreamScheduling Scheduling { get; init; }

    /// <summary>How the association finds out how much it may have under way.</summary>
    public SctpCongestionControl CongestionControl { get; init; } = SctpCongestionControl.Cubic;

    /// <summary>The initial congestion window in packets (RFC 6928 for TCP; RFC 9260 7.2.1 would have 4,404 bytes).</summary>
    public int InitialCongestionWindowPackets { get; init; } = 10;

    /// <summary>The retransmission timeout before the first measurement.</summary>
    public TimeSpan InitialRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The least retransmission timeout. Not below what peers delay their SACKs by (200 ms).</summary>
    public TimeSpan MinRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(220);

    /// <summary>
    /// The largest retransmission timeout, back-off included. RFC 9260, 16 has 60 s; browsers have 3 s, so that a connection is soon usable again after
    /// the network was away. Whether the peer is still there is ICE's to say.
    /// </summary>
    public TimeSpan MaxRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the SACK of a lone packet may wait for company: at most 500 ms (RFC 9260, 6.2).</summary>
    public TimeSpan SackDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often INIT and COOKIE ECHO are repeated before the association fails.</summary>
    public int MaxInitRetransmissions { get; init; } = 40;

    /// <summary>Timeouts in a row without any answer after which the peer is given up. ICE consent usually notices earlier.</summary>
    public int MaxRetransmissions { get; init; } = 40;

    /// <summary>How long nothing may be sent before a HEARTBEAT is; zero turns heartbeats off.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a state cookie is valid.</summary>
    public TimeSpan CookieLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether packets may travel without checksum, in each direction if its receiver agrees (RFC 9653). Only where DTLS protects every packet, as in WebRTC.
    /// Off by default.
    /// </summary>
    public bool ZeroChecksum { get; init; }

    /// <summary>How losses are found: the RFC's three reports are there to be compared with.</summary>
    internal LossDetection LossDetection { get; init; } = LossDetection.Time;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPacketSize, MinPacketSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPacketSize, LargestPacketSize);
        ArgumentOutOfRangeException.ThrowIfZero(OutgoingStreams);
        ArgumentOutOfRangeException.ThrowIfZero(IncomingStreams);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveBufferSize, LeastReceiveBuffer);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReceiveMessageSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialCongestionWindowPackets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(InitialRetransmissionTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MinRetransmissionTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRetransmissionTimeout, MinRetransmissionTimeout);
        ArgumentOutOfRangeException.ThrowIfLessThan(SackDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SackDelay, LargestSackDelay);
    }
}
