using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Srtp;

namespace WebRtcCore.Session;

/// <summary>
/// The way of media between the connection's datagrams and its receivers: keys out of the DTLS handshake, packets, frames. What senders send at once goes past
/// it, through <see cref="SenderPackets"/>.
/// </summary>
internal sealed class MediaFlow(RtpSession rtp, MediaRouter router, SenderPackets senders, IRtcSessionObserver observer) : IDisposable
{
    // No packet that is recovered is longer.
    private const int MaxRecoveredLength = 1500;

    private SecureMedia? _secure;
    private byte[]? _recovered;

    /// <summary>Whether there are keys.</summary>
    public bool IsReady => _secure is not null;

    /// <summary>Derives the keys. Only where there is media: the contexts cost memory and key derivation, and most connections with a data channel have none.</summary>
    public void Prepare(DtlsEndpoint connected) => senders.Media = _secure ??= SecureMedia.TryCreate(connected);

    /// <summary>Handles a packet of a media stream, which is decrypted in place.</summary>
    public void HandleRtp(Span<byte> datagram, Instant now)
    {
        if (_secure is null || _secure.Incoming.UnprotectRtp(datagram, out var length) != SrtpResult.Success)
        {
            observer.OnDropped(DropReason.NotAuthenticated);
        }
        else
        {
            var isForApplication = rtp.HandleRtp(datagram[..length], now, out var received);
            Drain();
            if (isForApplication)
            {
                Deliver(received, now);
            }

            while (rtp.TryPollRecovered(_recovered ??= new byte[MaxRecoveredLength], out var recovered))
            {
                Deliver(recovered, now);
            }
        }
    }

    /// <summary>Handles a control packet, which is decrypted in place.</summary>
    public void HandleRtcp(Span<byte> datagram, Instant now)
    {
        if (_secure is null || _secure.Incoming.UnprotectRtcp(datagram, out var length) != SrtpResult.Success)
        {
            observer.OnDropped(DropReason.NotAuthenticated);
        }
        else
        {
            rtp.HandleRtcp(datagram[..length], now);
            Drain();
        }
    }

    /// <summary>Says that the RTP session's timer has been reached.</summary>
    public void HandleTimeout(Instant now)
    {
        rtp.HandleTimeout(now);
        DrainFrames();
    }

    /// <summary>Writes the next packet, encrypted.</summary>
    public bool TryPollTransmit(Span<byte> destination, out int length)
    {
        length = 0;
        if (_secure is null)
        {
            return false;
        }

        while (rtp.TryPollTransmit(destination, out var packet))
        {
            var result = packet.IsRtcp
                ? _secure.Outgoing.ProtectRtcp(destination, packet.Length, out length)
                : _secure.Outgoing.ProtectRtp(destination, packet.Length, out length);
            if (result == SrtpResult.Success)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Raises what the RTP session has to tell.</summary>
    public void Drain()
    {
        while (rtp.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case RtpEventKind.KeyFrameRequested when router.Find(e.SendStream!.Options.Handle) is { } media:
                    observer.OnKeyFrameRequested(media, e.SendStream.Options.Rid);
                    break;
                case RtpEventKind.ReportReceived when router.Find(e.SendStream!.Options.Handle) is { } media:
                    media.Transceiver.Sender.SetRemoteLoss(e.SendStream.GetStats().RemoteFractionLost);
                    break;
                case RtpEventKind.ReceiveStreamRemoved when router.Find(e.ReceiveStream!.Receiver.Handle) is { } media:
                    observer.OnStreamEnded(media);
                    break;
                case RtpEventKind.TargetBitrateChanged when router.Find(e.SendStream!.Options.Handle) is { } media:
                    observer.OnTargetBitrate(media, router.GetTargetBitrates(media.Transceiver.Sender));
                    break;
                default:
                    // Feedback shows in the statistics.
                    break;
            }
        }
    }

    /// <summary>Raises what the encodings of a sender are to be now that they have changed.</summary>
    public void TellBitrates(RtpSender sender)
    {
        if (router.Find(sender.Transceiver.Receiver) is { } media)
        {
            Drain();
            observer.OnTargetBitrate(media, router.GetTargetBitrates(sender));
        }
    }

    public void Dispose() => _secure?.Dispose();

    private void Deliver(in RtpReceived received, Instant now)
    {
        if (router.Find(received.Stream.Receiver.Handle) is { } media)
        {
            observer.OnRtp(media, received);
            AddToFrame(media.Transceiver.Receiver, received, now);
        }
    }

    private void AddToFrame(RtpReceiver receiver, in RtpReceived received, Instant now)
    {
        if (receiver.HasFrameReader)
        {
            received.Stream.JitterBufferTarget = receiver.JitterBufferTarget;
            rtp.AddToFrame(received, now);
            DrainFrames();
        }
        else
        {
            rtp.StopFrames(received.Stream);
        }
    }

    private void DrainFrames()
    {
        while (rtp.TryPollFrame(out var stream, out var frame))
        {
            if (router.Find(stream.Receiver.Handle) is { } media)
            {
                observer.OnFrame(media, stream, frame);
            }
        }
    }
}
