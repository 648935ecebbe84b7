using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using WebRtcCore.Media;
using WebRtcCore.Media.Playout;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Sctp;
using WebRtcCore.Transport;
using WebRtcCore.Transport.Multicast;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore;

/// <summary>Settings of a connection that W3C does not know: networks, limits, codecs, diagnostics. Immutable; every default is tested.</summary>
public sealed record PeerConnectionOptions
{
    /// <summary>The defaults.</summary>
    public static PeerConnectionOptions Default { get; } = new();

    /// <summary>The local addresses to bind and offer. <see langword="null"/>, the default: every address of every interface that is up, without loopback.</summary>
    public IReadOnlyList<IPAddress>? LocalAddresses { get; init; }

    /// <summary>Whether loopback addresses are offered too where <see cref="LocalAddresses"/> is not given. Off by default, as in browsers.</summary>
    public bool IncludeLoopback { get; init; }

    /// <summary>
    /// Says of each address whether it may be used, named ones included; <see langword="null"/>, the default, allows all. Called from any thread, again at each
    /// change of the network.
    /// </summary>
    public Func<IPAddress, bool>? AddressFilter { get; init; }

    /// <summary>
    /// Says of each interface by its name (<c>eth0</c>) whether its addresses may be used where they are discovered; <see langword="null"/>, the default, allows all.
    /// Called from any thread, again at each change of the network.
    /// </summary>
    public Func<string, bool>? InterfaceFilter { get; init; }

    /// <summary>
    /// The lowest UDP port to bind, 1 to 65535; with <see cref="MaxPort"/> the range that a firewall lets in. 0, the default for both, takes any free port.
    /// Each connection needs one port for each of its addresses.
    /// </summary>
    public int MinPort { get; init; }

    /// <summary>The highest UDP port to bind, not below <see cref="MinPort"/>. An address for which no port of the range is free is not used.</summary>
    public int MaxPort { get; init; }

    /// <summary>
    /// Whether the connection follows the network: an address that goes moves it to another candidate pair at once, one that comes is bound, gathered from and checked.
    /// On by default.
    /// </summary>
    public bool FollowNetworkChanges { get; init; } = true;

    /// <summary>
    /// Whether candidates of addresses that come after gathering was complete are raised by <see cref="PeerConnection.IceCandidate"/> all the same, for the application
    /// to send. Off by default, as in browsers: RFC 8838 allows none after end-of-candidates, so such addresses are only checked from, and the peer learns them from
    /// the checks; where a NAT in front of the peer drops those, an ICE restart is needed. Where it is on, descriptions never say end-of-candidates.
    /// </summary>
    public bool ContinualGathering { get; init; }

    /// <summary>
    /// Whether <c>.local</c> names in the peer's candidates, behind which browsers hide their addresses, are looked up by multicast DNS
    /// (draft-ietf-mmusic-mdns-ice-candidates) on the interfaces that the connection uses. On by default; without it such candidates are ignored.
    /// </summary>
    public bool ResolveMulticastNames { get; init; } = true;

    /// <summary>
    /// Whether the addresses of this machine are hidden from the peer, signalling and statistics: host candidates get a random <c>.local</c> name, for which
    /// this process answers multicast DNS queries on the address's own network as long as the connection lives. Peers elsewhere need a STUN or TURN server
    /// to reach this side. Off by default.
    /// </summary>
    public bool HideHostAddresses { get; init; }

    /// <summary>
    /// Whether SRV records are looked up for <c>stun:</c> and <c>turn:</c> URLs that name a domain and no port (RFC 8489, 8; RFC 5928). On by default: asked is
    /// beside the look-up of the address, which is used if there is no such record. Browsers look up addresses only.
    /// </summary>
    public bool LookUpServiceRecords { get; init; } = true;

    /// <summary>Codecs that are offered and accepted for audio, best first. See <see cref="RtpCapabilities.DefaultAudio"/>.</summary>
    public RtpCapabilities AudioCapabilities { get; init; } = RtpCapabilities.DefaultAudio;

    /// <summary>Codecs that are offered and accepted for video, best first. See <see cref="RtpCapabilities.DefaultVideo"/>.</summary>
    public RtpCapabilities VideoCapabilities { get; init; } = RtpCapabilities.DefaultVideo;

    /// <summary>
    /// What encodes and decodes sound, for tracks that are fed with PCM and receivers that give PCM: for each negotiated codec the first that supports it. Default
    /// G.711 and L16; Opus is in the package WebRtcCore.Media.Opus. What is negotiated does not depend on it: see <see cref="AudioCapabilities"/>.
    /// </summary>
    public IReadOnlyList<IAudioCodec> AudioCodecs { get; init; } = [G711Codec.Instance, L16Codec.Instance];

    /// <summary>What encodes and decodes pictures, for tracks that are fed with pictures and receivers that give pictures. None by default.</summary>
    public IReadOnlyList<IVideoCodec> VideoCodecs { get; init; } = [];

    /// <summary>Bounds of the buffer that evens out received sound.</summary>
    public PlayoutOptions Playout { get; init; } = PlayoutOptions.Default;

    /// <summary>The largest data channel message accepted from the peer and announced to it, in bytes; 1 to 1 GiB. Default 256 KiB, as Chromium.</summary>
    public int MaxMessageSize { get; init; } = 262_144;

    /// <summary>The SCTP receive window, in bytes: how much a peer may have sent that the application has not yet taken. Default 5 MiB, as Chromium.</summary>
    public int DataReceiveBufferSize { get; init; } = 5 * 1024 * 1024;

    /// <summary><see cref="DataChannel.SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/> waits while a channel has more than this many bytes queued. Default 1 MiB.</summary>
    public long DataSendHighWaterMark { get; init; } = 1024 * 1024;

    /// <summary>The most that may be queued for sending on one channel, in bytes; <c>Send</c> beyond it throws an OperationError. Default 16 MiB, as Chromium.</summary>
    public long MaxBufferedAmount { get; init; } = 16 * 1024 * 1024;

    /// <summary>The congestion control of data channels. Default CUBIC.</summary>
    public SctpCongestionControl DataCongestionControl { get; init; } = SctpCongestionControl.Cubic;

    /// <summary>Whether data channel packets may go without a checksum of their own, which DTLS makes superfluous, if the peer agrees (RFC 9653). On by default.</summary>
    public bool DataZeroChecksum { get; init; } = true;

    /// <summary>
    /// The largest IP packet that data channels try to send, in bytes with all headers; 0, or 576 to 9,000 (RFC 8899). Default 1500, which is Ethernet's. Media and everything else
    /// stays at <see cref="MaxDatagramSize"/>. The first full packet that is acknowledged begins the search: a connection that sends little never probes, and with a peer that does not
    /// answer probes nothing changes. 0 tries no larger packets. More than 1500 only where the peer is known: the DTLS of Chromium ends with a record of more than 2,048 bytes.
    /// Through a TURN server it is never more than 1500.
    /// </summary>
    public int DataMaxPathMtu { get; init; } = 1500;

    /// <summary>
    /// The largest UDP payload sent, in bytes, but for data channels where <see cref="DataMaxPathMtu"/> lets them find that larger ones get through. 1200 fits every path
    /// that WebRTC is expected to work on.
    /// </summary>
    public int MaxDatagramSize { get; init; } = 1200;

    /// <summary>
    /// How the connection finds out how much media it may send, and how it spreads it over time. By default Google congestion control, and frames are paced
    /// where the peer gives transport-wide feedback; audio never is.
    /// </summary>
    public CongestionControlOptions CongestionControl { get; init; } = CongestionControlOptions.Default;

    /// <summary>
    /// Where events are raised. <see langword="null"/>, the default: one after another on the thread pool.
    /// A user interface gives its own context here.
    /// </summary>
    public SynchronizationContext? SynchronizationContext { get; init; }

    /// <summary>The clock; tests give their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where log messages go. Addresses and user name fragments are redacted, keys and payloads never logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Called with each line of an NSS key log, which lets a network analyser decrypt this connection. For debugging only: whoever has the lines
    /// can read everything. Off by default.
    /// </summary>
    public Action<string>? KeyLog { get; init; }

    /// <summary>
    /// Judges the certificates of <c>turns:</c> servers in place of the system, for servers with a private authority. <see langword="null"/>, the default:
    /// the system's rules, and the name in the URL must be in the certificate.
    /// </summary>
    public RemoteCertificateValidationCallback? ServerCertificateValidationCallback { get; init; }

    /// <summary>
    /// Whether the connection is a lite ICE agent (RFC 8445, 2.5), for servers with a public address: it offers host candidates only, sends no checks and lets
    /// the peer choose the path. Saves the checks and their timers. The peer must not be lite. Off by default.
    /// </summary>
    public bool IceLite { get; init; }

    /// <summary>
    /// Which TCP candidates the connection has of its own (RFC 6544). None by default: a peer that offers passive ones mostly offers UDP or a relay too, and every
    /// kind of candidate is one more to check. A client that may sit behind a firewall without UDP takes <see cref="IceTcpMode.Active"/>; a server rather
    /// shares <see cref="PeerConnectionFactoryOptions.TcpPort"/>.
    /// </summary>
    public IceTcpMode IceTcp { get; init; }

    /// <summary>The ports shared with the other connections of the factory; <see langword="null"/>: the connection binds its own.</summary>
    internal SharedPorts? SharedPorts { get; init; }

    /// <summary>Multicast DNS names in place of those of the process; for tests.</summary>
    internal IMulticastNames? MulticastNames { get; init; }

    /// <summary>Binds sockets in place of the system's: a virtual network's in tests.</summary>
    internal Func<TransportAddress, IDatagramSocket?>? SocketFactory { get; init; }

    /// <summary>Tells of the addresses of the machine in place of the system: a test's.</summary>
    internal NetworkMonitor? Networks { get; init; }
}
