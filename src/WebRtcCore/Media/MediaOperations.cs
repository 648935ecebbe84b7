using System.Collections.Concurrent;
using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore;

/// <summary>
/// The media side of a connection: parameters under the gate, packets to the loop. Packets sent from the loop itself, as a forwarder does, go straight into the
/// datagram that leaves; those from other threads are copied once.
/// </summary>
internal sealed class MediaOperations(ConnectionContext context, Action refreshNegotiationNeeded) : IMediaOperations, ILoopOutbox
{
    // What other threads may leave for one turn; beyond it the newest are dropped, as a full socket buffer would.
    private const int MaxQueuedPackets = 4096;

    // Made with the first packet: a connection without media goes without.
    private ConcurrentQueue<Outgoing>? _outbox;

    // Copies go back and forth between the senders and the loop. The shared pool, which keeps few arrays for each thread, would allocate most of them anew.
    private ConcurrentQueue<byte[]>? _copies;
    private int _queued;
    private Negotiator _negotiator = null!;
    private SessionDriver _driver = null!;
    private FrameSender _frames = null!;
    private MediaEnvironment _environment = null!;
    private ConnectionStates _states = null!;
    private Func<RtpSender?, RtpReceiver?, CancellationToken, Task<StatsReport>> _stats = null!;

    public DtlsTransport? DtlsTransport => _states.Dtls;

    public MediaEnvironment Environment => _environment;

    /// <summary>Completes the construction; the negotiator needs this object before it exists itself.</summary>
    public void Attach(
        Negotiator negotiator,
        SessionDriver driver,
        ConnectionStates states,
        Func<RtpSender?, RtpReceiver?, CancellationToken, Task<StatsReport>> stats)
    {
        _negotiator = negotiator;
        _driver = driver;
        _states = states;
        _stats = stats;
        _frames = new FrameSender(context, driver);
        _environment = new MediaEnvironment(context.Options, driver.Clock, context.Logger, context.Random, context.Dispatcher.Post);
        driver.AddOutbox(this);
        driver.AddOutbox(_frames);
    }

    public void SetDirection(RtpTransceiver transceiver, RtpTransceiverDirection direction)
    {
        if (direction == RtpTransceiverDirection.Stopped)
        {
            throw new ArgumentException("Call Stop() to stop a transceiver.", nameof(direction));
        }

        lock (context.Gate)
        {
            ThrowIfStopping(transceiver);
            if (transceiver.PreferredDirection == direction)
            {
                return;
            }

            transceiver.PreferredDirection = direction;
        }

        refreshNegotiationNeeded();
    }

    public void StopTransceiver(RtpTransceiver transceiver)
    {
        lock (context.Gate)
        {
            ThrowIfClosed();
            if (transceiver.IsStopping)
            {
                return;
            }

            transceiver.IsStopping = true;
        }

        context.Dispatcher.Post(transceiver.Receiver.End);
        refreshNegotiationNeeded();
    }

    public void SetCodecPreferences(RtpTransceiver transceiver, IReadOnlyList<RtpCodec> codecs)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        lock (context.Gate)
        {
            transceiver.CodecPreferences = [.. codecs.Select(codec => FindCapability(transceiver.Kind, codec)).Distinct()];
        }
    }

    public async Task ReplaceTrackAsync(RtpSender sender, MediaStreamTrack? track)
    {
        if (track is not null && track.Kind != sender.Kind)
        {
            throw new ArgumentException($"A {sender.Kind.ToW3CString()} sender takes no {track.Kind.ToW3CString()} track.", nameof(track));
        }

        lock (context.Gate)
        {
            ThrowIfStopping(sender.Transceiver);
        }

        // W3C webrtc 5.2: no negotiation is needed, because the application encodes within what was negotiated.
        await context.Dispatcher.InvokeAsync(() => sender.Track = track).ConfigureAwait(false);
    }

    public void SetStreams(RtpSender sender, IReadOnlyList<MediaStream> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        lock (context.Gate)
        {
            ThrowIfClosed();
            sender.StreamIds = [.. streams.Select(stream => stream.Id).Distinct()];
        }

        refreshNegotiationNeeded();
    }

    public RtpSendParameters GetParameters(RtpSender sender)
    {
        lock (context.Gate)
        {
            sender.LastTransactionId ??= Guid.NewGuid().ToString();
            return new RtpSendParameters
            {
                TransactionId = sender.LastTransactionId,
                Encodings = sender.Encodings,
                Codecs = sender.Codecs,
                HeaderExtensions = sender.HeaderExtensions,
                Rtcp = sender.Rtcp,
            };
        }
    }

    public Task SetParametersAsync(RtpSender sender, RtpSendParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        lock (context.Gate)
        {
            ThrowIfStopping(sender.Transceiver);
            SendParameterRules.ThrowIfNotAllowed(sender, parameters);
            sender.Encodings = [.. parameters.Encodings];
            sender.LastTransactionId = null;
        }

        _driver.Post((session, _) =>
        {
            session.Router.UpdateEncodings(sender);
            session.TellBitrates(sender);
        });
        return Task.CompletedTask;
    }

    public RtpReceiveParameters GetParameters(RtpReceiver receiver)
    {
        lock (context.Gate)
        {
            return new RtpReceiveParameters { Codecs = receiver.Codecs, HeaderExtensions = receiver.HeaderExtensions, Rtcp = receiver.Rtcp };
        }
    }

    public Task<StatsReport> GetStatsAsync(RtpSender? sender, RtpReceiver? receiver, CancellationToken cancellationToken) => _stats(sender, receiver, cancellationToken);

    public void RequestKeyFrame(RtpReceiver receiver, string? rid) => _driver.Post((session, now) => session.RequestKeyFrame(receiver, rid, now));

    public void SendRtp(RtpSender sender, ReadOnlySpan<byte> packet, RtpReceiver? source, string? rid)
    {
        if (!sender.IsSending)
        {
            return;
        }

        if (_driver.IsOnLoop)
        {
            SendNow(_driver.Session, sender, packet, source, rid, _driver.Clock.Now);
            return;
        }

        if (packet.Length > context.Options.MaxDatagramSize)
        {
            return;
        }

        if (Interlocked.Increment(ref _queued) > MaxQueuedPackets)
        {
            Interlocked.Decrement(ref _queued);
            return;
        }

        if (!LazyInitializer.EnsureInitialized(ref _copies).TryDequeue(out var copy))
        {
            copy = new byte[context.Options.MaxDatagramSize];
        }

        packet.CopyTo(copy);
        LazyInitializer.EnsureInitialized(ref _outbox).Enqueue(new Outgoing(sender, copy, packet.Length, source, rid));
        _driver.Wake();
    }

    public void SendFrame(RtpSender sender, EncodedFrame frame) => _frames.Send(sender, frame);

    public void Drain(RtcSession session, Instant now)
    {
        while (_outbox is { } outbox && outbox.TryDequeue(out var item))
        {
            Interlocked.Decrement(ref _queued);
            SendNow(session, item.Sender, item.Packet.AsSpan(0, item.Length), item.Source, item.Rid, now);
            _copies!.Enqueue(item.Packet);
        }
    }

    public void AfterTransmit(RtcSession session)
    {
    }

    private void SendNow(RtcSession session, RtpSender sender, ReadOnlySpan<byte> packet, RtpReceiver? source, string? rid, Instant now)
    {
        if (session.Senders.IsPaced(sender, isFrame: false))
        {
            session.Senders.EnqueueForwarded(sender, rid, source, packet, now);
            return;
        }

        var datagram = _driver.NextDatagram();
        if (session.Senders.TryWriteForwarded(sender, rid, source, packet, datagram, now, out var transmit))
        {
            _driver.AddDatagram(transmit);
        }
    }

    private RtpCodecCapability FindCapability(MediaKind kind, RtpCodec codec)
    {
        var capabilities = kind == MediaKind.Audio ? context.Options.AudioCapabilities : context.Options.VideoCapabilities;
        return capabilities.Codecs.FirstOrDefault(known =>
                   known.MimeType.Equals(codec.MimeType, StringComparison.OrdinalIgnoreCase) && known.ClockRate == codec.ClockRate &&
                   known.Channels == codec.Channels && known.SdpFmtpLine == codec.SdpFmtpLine)
               ?? throw RtcException.InvalidModification($"{codec.MimeType} is not among the capabilities.");
    }

    private void ThrowIfStopping(RtpTransceiver transceiver)
    {
        ThrowIfClosed();
        if (transceiver.IsStopping || transceiver.IsStopped)
        {
            throw RtcException.InvalidState("The transceiver is stopped.");
        }
    }

    private void ThrowIfClosed()
    {
        if (_negotiator.SignalingState == SignalingState.Closed)
        {
            throw RtcException.InvalidState("The connection is closed.");
        }
    }

    /// <summary>A packet to send.</summary>
    private readonly record struct Outgoing(RtpSender Sender, byte[] Packet, int Length, RtpReceiver? Source, string? Rid);
}
