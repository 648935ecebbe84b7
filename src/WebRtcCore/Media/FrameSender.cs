using System.Collections.Concurrent;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Session;

namespace WebRtcCore;

/// <summary>
/// Sends encoded frames: checks them on the caller's thread, then cuts them on the loop, straight into the datagrams that leave.
/// </summary>
internal sealed class FrameSender(ConnectionContext context, SessionDriver driver) : ILoopOutbox
{
    // What other threads may leave for one turn; beyond it the newest are dropped, as a full socket buffer would.
    private const int MaxQueuedFrames = 512;
    private const int MaxContributingSources = 15;
    private const long MaxQueuedBytes = 32 * 1024 * 1024;

    // Made with the first frame: a connection without media goes without.
    private ConcurrentQueue<Outgoing>? _outbox;
    private int _queued;
    private long _queuedBytes;
    private byte[]? _payload;

    /// <summary>Sends a frame; see <see cref="RtpSender.SendFrame"/>.</summary>
    public void Send(RtpSender sender, EncodedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (FindCodec(sender.Codecs, frame.PayloadType) is not { } codec)
        {
            return;
        }

        ThrowIfNotSendable(codec, frame);
        if (!sender.IsSending)
        {
            return;
        }

        var item = new Outgoing(sender, frame, codec);
        if (driver.IsOnLoop)
        {
            SendNow(driver.Session, item, driver.Clock.Now);
            return;
        }

        var queued = Interlocked.Increment(ref _queued);
        if (Interlocked.Add(ref _queuedBytes, frame.Data.Length) > MaxQueuedBytes || queued > MaxQueuedFrames)
        {
            Interlocked.Decrement(ref _queued);
            Interlocked.Add(ref _queuedBytes, -frame.Data.Length);
            return;
        }

        LazyInitializer.EnsureInitialized(ref _outbox).Enqueue(item);
        driver.Wake();
    }

    public void Drain(RtcSession session, Instant now)
    {
        while (_outbox is { } outbox && outbox.TryDequeue(out var item))
        {
            Interlocked.Decrement(ref _queued);
            Interlocked.Add(ref _queuedBytes, -item.Frame.Data.Length);
            SendNow(session, item, now);
        }
    }

    public void AfterTransmit(RtcSession session)
    {
    }

    private static RtpCodecParameters? FindCodec(IReadOnlyList<RtpCodecParameters> codecs, int? payloadType) =>
        codecs.FirstOrDefault(codec => payloadType is { } wanted ? codec.PayloadType == wanted : !codec.IsResiliencyMechanism);

    private void ThrowIfNotSendable(RtpCodecParameters codec, EncodedFrame frame)
    {
        if (!RtpPayloadFormats.IsSupported(codec.MimeType))
        {
            throw RtcException.NotSupported($"Frames of {codec.MimeType} cannot be sent; send RTP packets.");
        }

        if (!RtpPayloadFormats.IsFrame(codec.MimeType, frame.Data.Span))
        {
            throw new ArgumentException($"The data is no frame of {codec.MimeType}.", nameof(frame));
        }

        if (frame.ContributingSources is { Count: > MaxContributingSources })
        {
            throw new ArgumentException($"A packet names at most {MaxContributingSources} contributing sources.", nameof(frame));
        }

        if (codec.MimeType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) && frame.Data.Length > context.Options.MaxDatagramSize)
        {
            throw new ArgumentException("An audio frame must fit in one packet.", nameof(frame));
        }
    }

    private void SendNow(RtcSession session, in Outgoing item, Instant now)
    {
        var payloadType = new PayloadType((byte)item.Codec.PayloadType);
        if (session.Router.FindSendStream(item.Sender, item.Frame.Rid) is not { } stream)
        {
            return;
        }

        var extensions = new RtpOutgoingExtensions { AudioLevel = item.Frame.AudioLevel, ContributingSources = item.Frame.ContributingSources };
        var room = session.Senders.GetPayloadRoom(stream, payloadType) - GetContributorsLength(item.Frame);
        if (room < RtpPayloadFormats.MinPayloadSize)
        {
            return;
        }

        var packetizer = item.Sender.Packetizers.Get(stream.Ssrc, item.Codec);
        if (!packetizer.TryBegin(item.Frame.Data, room))
        {
            Log.FrameNotCut(context.Logger, item.Codec.MimeType, item.Frame.Data.Length, room);
            return;
        }

        var isVideo = item.Sender.Kind == MediaKind.Video;
        var isPaced = session.Senders.IsPaced(item.Sender, isFrame: true);
        _payload ??= new byte[context.Options.MaxDatagramSize];
        while (packetizer.TryWriteNext(_payload, out var length, out var isLast))
        {
            // RFC 3551 4.1: for audio the marker begins a talk spurt.
            var marker = isVideo ? isLast : item.Frame.BeginsTalkSpurt;
            var packet = _payload.AsSpan(0, length);
            if (isPaced)
            {
                if (!session.Senders.TryEnqueuePayload(stream, packet, payloadType, item.Frame.TimestampTicks, marker, extensions, now))
                {
                    return;
                }

                continue;
            }

            var datagram = driver.NextDatagram();
            if (!session.Senders.TryWritePayload(stream, packet, payloadType, item.Frame.TimestampTicks, marker, extensions, datagram, now, out var transmit))
            {
                return;
            }

            driver.AddDatagram(transmit);
        }
    }

    // An identifier and a level for each, in an element of the two-byte form.
    private static int GetContributorsLength(EncodedFrame frame) => frame.ContributingSources is { Count: > 0 and var count } ? 2 + (5 * count) : 0;

    /// <summary>A frame to send.</summary>
    private readonly record struct Outgoing(RtpSender Sender, EncodedFrame Frame, RtpCodecParameters Codec);
}
