using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

#pragma warning disable CA1822
/// <summary>
/// Data channels over one SCTP association (RFC 8831, 8832), a sans-IO core. Single-threaded; after each handle or command the owner
/// polls <see cref="TryPollTransmit"/> and <see cref="TryPollEvent"/> until both answer <see langword="false"/>, then arms a timer at <see cref="NextTimeout"/>.
/// </summary>
public sealed class DataChannelSession
{
    private readonly Queue<DataChannelEvent> _events = new();
    private readonly DataChannelSessionOptions _options;
    private long _remoteMaxMessageSize;

    /// <summary>Creates a session; nothing is sent before <see cref="Start"/>.</summary>
    public DataChannelSession(DataChannelSessionOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        _options = options;
        _remoteMaxMessageSize = options.RemoteMaxMessageSize;
    }

    /// <summary>The association's state.</summary>
    public SctpAssociationState State { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout => null;

    /// <summary>The largest message that may be sent: the peer's limit, or <see cref="int.MaxValue"/> if it has none.</summary>
    public long MaxSendMessageSize => _remoteMaxMessageSize == 0 ? int.MaxValue : Math.Min(_remoteMaxMessageSize, int.MaxValue);

    /// <summary>Begins to associate: DTLS is up.</summary>
    /// <param name="isDtlsClient">Whether this side is the DTLS client: it takes even stream ids, the server odd ones (RFC 8832, 6).</param>
    /// <param name="now">The present.</param>
    public void Start(bool isDtlsClient, Instant now) => State = SctpAssociationState.CookieWait;

    /// <summary>Tells the peer's <c>a=max-message-size</c>; 0 is any size.</summary>
    public void SetRemoteMaxMessageSize(long bytes) => _remoteMaxMessageSize = bytes;

    /// <summary>Tells a round-trip time measured elsewhere (ICE, DTLS), used until there is an own measurement.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime)
    {
    }

    /// <summary>Opens a channel. Allowed before <see cref="Start"/>: the stream id is then assigned as soon as the role is known.</summary>
    /// <exception cref="ArgumentException">Label or protocol too long, both reliability limits, or negotiated without id.</exception>
    /// <exception cref="InvalidOperationException">The session is closed, the id is taken, or there are too many channels.</exception>
    public DataChannelId OpenChannel(DataChannelParameters parameters, Instant now) => default;

    /// <summary>The stream id; <see langword="null"/> while it is not assigned, and after the channel was closed.</summary>
    public ushort? GetStreamId(DataChannelId channel) => null;

    /// <summary>The channel's state.</summary>
    public DataChannelState GetState(DataChannelId channel) => DataChannelState.Closed;

    /// <summary>Queues a message; the bytes are borrowed and copied once.</summary>
    public DataChannelSendResult Send(DataChannelId channel, DataChannelMessageKind kind, ReadOnlySpan<byte> message, Instant now) =>
        DataChannelSendResult.NotOpen;

    /// <summary>Queues a message that is given, if the answer is <see cref="DataChannelSendResult.Queued"/>: no copy. Otherwise it stays the caller's.</summary>
    public DataChannelSendResult Send(DataChannelId channel, DataChannelMessageKind kind, PooledBuffer message, Instant now) =>
        DataChannelSendResult.NotOpen;

    /// <summary>Bytes accepted and not yet put into a packet: W3C <c>bufferedAmount</c>.</summary>
    public long GetBufferedAmount(DataChannelId channel) => 0;

    /// <summary>The amount at or below which <see cref="DataChannelEventKind.BufferedAmountLow"/> is raised; 0 at first.</summary>
    public void SetBufferedAmountLowThreshold(DataChannelId channel, long bytes)
    {
    }

    /// <summary>
    /// Returns the receive window used by one received message, once the application has consumed it. To be called once per message, and only with
    /// <see cref="DataChannelSessionOptions.ManualReceiveCredit"/>; also for messages of channels closed meanwhile.
    /// </summary>
    /// <param name="channel">The channel it came on.</param>
    /// <param name="messageLength">The message's length in bytes.</param>
    /// <param name="now">The present.</param>
    public void ReleaseReceiveCredit(DataChannelId channel, int messageLength, Instant now)
    {
    }

    /// <summary>Closes a channel: what was accepted is still sent, then its stream is reset in both directions.</summary>
    public void CloseChannel(DataChannelId channel, Instant now)
    {
    }

    /// <summary>Ends the association at once with ABORT, as browsers do; every channel is closed.</summary>
    public void Close(Instant now) => State = SctpAssociationState.Closed;

    /// <summary>Ends the association in order: everything accepted is delivered first.</summary>
    public void Shutdown(Instant now)
    {
    }

    /// <summary>Takes an SCTP packet out of a DTLS record; it is borrowed.</summary>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, Instant now)
    {
    }

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    public void HandleTimeout(Instant now)
    {
    }

    /// <summary>Writes the next packet, to go into a DTLS record.</summary>
    /// <param name="destination">At least <see cref="SctpOptions.MaxPacketSize"/> bytes.</param>
    /// <param name="transmit">Its length; the path is ICE's choice.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        return false;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out DataChannelEvent e) => _events.TryDequeue(out e);

    /// <summary>Figures of the association.</summary>
    public SctpStatistics GetStatistics() => new() { Mtu = _options.Sctp.MaxPacketSize };

    /// <summary>Figures of a channel.</summary>
    public DataChannelStatistics GetStatistics(DataChannelId channel) => default;
}
